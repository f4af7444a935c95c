import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** A module loader that writes the address of everything loaded to standard error. */
const LISTEN = `data:text/javascript,${encodeURIComponent(`
  import { register } from "node:module";
  register("data:text/javascript," + encodeURIComponent(\`
    import { writeSync } from "node:fs";
    export async function load(url, context, next) { writeSync(2, "loaded " + url + "\\\\n"); return next(url, context); }
  \`));
`)}`;

/** Names of the packages, and rooms of src, that a command line loads. */
async function loadedBy(...words: string[]): Promise<ReadonlySet<string>> {
  const { stderr } = await promisify(execFile)(process.execPath, ["--import", LISTEN, MAIN, ...words]);
  const names = [...stderr.matchAll(/^loaded file:\S*?\/(?:node_modules\/((?:@[^/]+\/)?[^/]+)|dist\/([^/]+))\/\S*$/gm)];
  return new Set(names.map(([, pack, room]) => pack ?? `src/${room ?? ""}`));
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
});
