import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { photodrift } from "../support/cli.js";

const MAIN = join(import.meta.dirname, "..", "..", "dist", "main.js");
const ESC = "\u001b[";
const dir = mkdtempSync(join(tmpdir(), "photodrift-colours-"));
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});
writeFileSync(
  join(dir, "photodrift.yaml"),
  "tenant: {id: contoso.com, name: contoso}\nsource: {folder: ./no-such-folder}\n",
);

/** What build servers and terminals say of colours. https://no-color.org, https://force-color.org, https://bixense.com/clicolors */
const ENVIRONMENTS: readonly NodeJS.ProcessEnv[] = [
  { CI: "true", GITHUB_ACTIONS: "true", TF_BUILD: "True" },
  { FORCE_COLOR: "3", COLORTERM: "truecolor" },
  { CLICOLOR_FORCE: "1", TERM: "xterm-256color" },
];
/** A wrong word, a configuration with a problem, a list, checks with marks. */
const LINES = ["adit", "audit --no-such-flag", "audit --config ./photodrift.yaml", "schedule list", "doctor", "--help"];

describe("a pipe is never coloured, whatever the environment says", () => {
  it.each(ENVIRONMENTS.flatMap((env) => LINES.map((line) => [JSON.stringify(env), line, env] as const)))(
    "%s: %s",
    async (_name, line, env) => {
      // An empty NO_COLOR forbids nothing.
      const { stdout, stderr } = await photodrift(line.split(" "), dir, { NO_COLOR: "", ...env });
      expect(stdout + stderr).not.toBe("");
      expect(stdout).not.toContain(ESC);
      expect(stderr).not.toContain(ESC);
    },
  );
});

const script = spawnSync("script", ["--version"]).status === 0;

/** Both streams of the program on a terminal of their own (script, of util-linux). */
async function onTerminal(words: string, env: NodeJS.ProcessEnv): Promise<string> {
  const command = `${JSON.stringify(process.execPath)} ${JSON.stringify(MAIN)} ${words}`;
  const child = spawn("script", ["--quiet", "--command", command, "/dev/null"], {
    cwd: dir,
    env: { ...process.env, NO_COLOR: "", TERM: "xterm", ...env },
    stdio: ["ignore", "pipe", "ignore"],
  });
  let told = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (told += text));
  await new Promise((resolve) => child.on("close", resolve));
  return told;
}

describe.skipIf(!script)("a terminal is in colours unless somebody forbade them", () => {
  it("the word of an error is red", async () => {
    expect(await onTerminal("adit", {})).toContain(`${ESC}31merror:${ESC}39m There is no command`);
  });
  it.each([
    ["NO_COLOR", "adit", { NO_COLOR: "1" }],
    ["NO_COLOR against FORCE_COLOR", "adit", { NO_COLOR: "1", FORCE_COLOR: "1" }],
    ["a terminal that cannot", "adit", { TERM: "dumb" }],
    ["--no-color before the wrong word", "--no-color adit", {}],
    ["--no-color behind a wrong flag", "audit --no-such-flag --no-color", {}],
    ["--no-color with a wrong configuration", "audit --no-color", {}],
  ])("%s", async (_name, words, env) => {
    const told = await onTerminal(words, env);
    expect(told).toContain("error: ");
    expect(told).not.toContain(ESC);
  });
});
