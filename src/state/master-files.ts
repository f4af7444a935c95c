import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { PhotodriftError } from "../model/errors.js";
import type { MasterFiles } from "../run/journal-port.js";
import { sha256OfFile } from "../files/digest.js";

/**
 * The files that a plan names, and no way out of their folder: PhotodriftError `source-outside` (refused) is thrown for any other path.
 * @param folder absolute path of the source folder
 */
export function createMasterFiles(folder: string): MasterFiles {
  function pathOf(file: string): string {
    const path = resolve(join(folder, file));
    const inside = relative(resolve(folder), path);
    if (inside !== "" && inside !== ".." && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)) return path;
    throw new PhotodriftError(
      "source-outside",
      `The plan names a master outside of the source folder: ${file.slice(0, 200)}.`,
      "Do not edit plans; make a new one: photodrift audit --plan FILE.",
      "refused",
    );
  }
  return {
    path: pathOf,
    async sha256(file) {
      try {
        return await sha256OfFile(pathOf(file));
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
        throw error;
      }
    },
  };
}
