import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");
const MAIN = join(ROOT, "dist", "main.js");

/** A module loader that writes the address of everything loaded to standard error. */
const LISTEN = `data:text/javascript,${encodeURIComponent(`
  import { register } from "node:module";
  register("data:text/javascript," + encodeURIComponent(\`
    import { writeSync } from "node:fs";
    export async function load(url, context, next) { writeSync(2, "loaded " + url + "\\\\n"); return next(url, context); }
  \`));
`)}`;

/** What the bundler wrote of the parts of the program: which files each was made of. */
interface Parts {
  readonly outputs: {
    readonly [file: string]: { readonly inputs: { readonly [file: string]: { readonly bytesInOutput: number } } };
  };
}
const PARTS = JSON.parse(readFileSync(join(ROOT, "dist", "program.json"), "utf8")) as Parts;

/** Files that something loaded was made of: those of a part of the program, or itself. */
function madeOf(file: string): readonly string[] {
  const inputs = PARTS.outputs[file]?.inputs;
  return inputs === undefined ? [file] : Object.keys(inputs).filter((name) => (inputs[name]?.bytesInOutput ?? 0) > 0);
}

/** Names of the packages, and rooms of src, that a command line loads. */
async function loadedBy(...words: string[]): Promise<ReadonlySet<string>> {
  const { stderr } = await promisify(execFile)(process.execPath, ["--import", LISTEN, MAIN, ...words]);
  const files = [...stderr.matchAll(/^loaded (file:\S+)$/gm)].map(([, url]) =>
    relative(ROOT, fileURLToPath(url ?? "")),
  );
  const names = files.flatMap(madeOf).map((file) => {
    const [, pack] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? [];
    return pack ?? file.split("/").slice(0, 2).join("/");
  });
  return new Set(names);
}

const HEAVY = [
  "sharp",
  "better-sqlite3",
  "undici",
  "@azure/identity",
  "@pnp/sp",
  "@microsoft/microsoft-graph-client",
  "@peculiar/x509",
  "image-hash",
  "zod",
  "yaml",
  "src/sandbox",
  "src/stores",
  "src/state",
  "src/report",
];

describe("a command line loads what its command needs", () => {
  it.each([["--version"], ["--help"], ["completion", "bash"]])("%s: nothing of the work", async (...words) => {
    const loaded = await loadedBy(...words.filter((word) => word !== ""));
    expect(loaded).toContain("yargs");
    expect(HEAVY.filter((name) => loaded.has(name))).toEqual([]);
  });

  it("help of a command that reads the state alone: no cloud client, no picture library", async () => {
    const loaded = await loadedBy("runs", "--help");
    const clients = ["sharp", "undici", "@azure/identity", "@pnp/sp", "@peculiar/x509", "src/sandbox", "src/stores"];
    expect(loaded).toContain("src/state");
    expect(clients.filter((name) => loaded.has(name))).toEqual([]);
  });

  it("and what only pictures, logs and pages need waits for the first of them", async () => {
    const loaded = await loadedBy("audit", "--help");
    expect(loaded).toContain("undici");
    expect(loaded).toContain("src/image");
    expect(["sharp", "pino", "rotating-file-stream"].filter((name) => loaded.has(name))).toEqual([]);
  });

  it("from few files: each costs time to find, to read and to link", async () => {
    const { stderr } = await promisify(execFile)(process.execPath, ["--import", LISTEN, MAIN, "audit", "--help"]);
    // 1,150 before the program was bundled.
    expect([...stderr.matchAll(/^loaded file:/gm)].length).toBeLessThan(100);
  });
});

it("the notices name each package whose code is in the program, with its version and licence", () => {
  const notices = readFileSync(join(ROOT, "dist", "THIRD-PARTY-NOTICES.txt"), "utf8");
  const files = Object.values(PARTS.outputs).flatMap(({ inputs }) => Object.keys(inputs));
  const folders = new Set(files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []));
  expect([...folders]).toContain("node_modules/undici");
  for (const folder of folders) {
    const manifest = JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8")) as Record<string, string>;
    expect(notices).toContain(`${manifest["name"]} ${manifest["version"]} (${manifest["license"]})`);
  }
  expect(notices).toContain("Permission is hereby granted, free of charge");
});
