import { withoutImageExtension } from "../model/image-name.js";
import type { MappingRow, RowProblem } from "../model/list.js";
import { pathKey } from "../model/path-key.js";
import { editDistance } from "../model/edit-distance.js";
import { foldVariants } from "./fold.js";
import { allowedEdits, indexNames } from "./near-index.js";

/**
 * For paths that are not among the files, the file each of them may mean: the same name in another folder or with another extension,
 * else a typing error or two. Paths without one are left out; so are those with several.
 */
export function nearestFiles(paths: Iterable<string>, files: readonly string[]): ReadonlyMap<string, string> {
  const targets = [...new Set(paths)].map((path) => ({ path, found: [] as Found[] }));
  const index = indexNames(targets.flatMap((target) => namesOf(target.path).map((name) => ({ name, target }))));
  for (const file of targets.length === 0 ? [] : files) {
    for (const name of namesOf(file)) {
      const allowed = allowedEdits(name);
      for (const near of index.near(name)) {
        const distance = editDistance(near.name, name, allowed);
        if (distance <= allowed) near.target.found.push({ file, distance });
      }
    }
  }
  return new Map(targets.flatMap(({ path, found }) => only(found).map((file) => [path, file] as const)));
}

interface Found {
  readonly file: string;
  readonly distance: number;
}

function only(found: readonly Found[]): readonly string[] {
  const least = Math.min(...found.map(({ distance }) => distance));
  const nearest = new Set(found.filter(({ distance }) => distance === least).map(({ file }) => file));
  return nearest.size === 1 ? [...nearest] : [];
}

function namesOf(path: string): readonly string[] {
  const last = pathKey(path).split("/").at(-1) ?? "";
  return foldVariants(withoutImageExtension(last.replace(/^[a-z]:/i, "")));
}

/** Why the file of a row cannot be had. @param near what `nearestFiles` gave */
export function missingFile(
  row: Pick<MappingRow, "line" | "file">,
  upns: readonly string[],
  near: ReadonlyMap<string, string>,
): RowProblem {
  const nearest = near.get(row.file);
  const entry = row.file.trim();
  return {
    line: row.line,
    kind: "no-file",
    entry,
    upns,
    message: whyMissing(entry),
    cure:
      nearest === undefined
        ? "Write the path as it stands below the source folder, for example hr/anna.jpg."
        : `Write "${nearest}" if that is the file.`,
  };
}

function whyMissing(entry: string): string {
  const path = pathKey(entry);
  if (path === "") return "the column file is empty";
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(entry)) return `"${entry}" is a web address, not a file of the source folder`;
  if (/^[/\\]{2}/.test(entry)) return `"${entry}" is a network path, not a path below the source folder`;
  if (/^[a-z]:/i.test(path)) return `"${entry}" is a path on a Windows drive, not below the source folder`;
  if (path.startsWith("/") || path.startsWith("~"))
    return `"${entry}" is an absolute path, not one below the source folder`;
  if (path === ".." || path.startsWith("../")) return `"${entry}" leads out of the source folder`;
  return `"${entry}" is not among the images of the source folder`;
}
