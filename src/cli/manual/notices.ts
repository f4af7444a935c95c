import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What the bundler tells of the program that it wrote: the files that each part was made of, from the package's root. */
interface Parts {
  readonly outputs: Readonly<Record<string, { readonly inputs: Readonly<Record<string, unknown>> }>>;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

const ROOT = new URL("../../../", import.meta.url);
const TEXT = /^(?:licen[sc]e|copying|notice)(?:[.-].*)?$/i;

/** Writes beside the program whose code was bundled into it, with their licences. */
async function writeNotices(): Promise<void> {
  const { outputs } = JSON.parse(await readFile(new URL("dist/program.json", ROOT), "utf8")) as Parts;
  const files = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
  const folders = files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  const notices = await Promise.all([...new Set(folders)].sort().map(noticeOf));
  const head = "This program holds code of the packages below, each under its own licence.\n";
  await writeFile(
    new URL("dist/THIRD-PARTY-NOTICES.txt", ROOT),
    [head, ...new Set(notices)].join(`\n${"-".repeat(78)}\n\n`),
  );
}

/** @param folder of a package, from the root */
async function noticeOf(folder: string): Promise<string> {
  const at = (name: string): URL => new URL(join(folder, name), ROOT);
  const { name, version, license } = JSON.parse(await readFile(at("package.json"), "utf8")) as Manifest;
  const named = (await readdir(at("."))).filter((file) => TEXT.test(file)).sort();
  const texts = await Promise.all(named.map((file) => readFile(at(file), "utf8")));
  return [`${name} ${version} (${license ?? "see below"})`, ...texts.map((text) => `\n${text.trim()}`), ""].join("\n");
}

await writeNotices();
