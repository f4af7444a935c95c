import { existsSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COMMAND_NAMES, flagsOf, helpOf } from "../../src/cli/line/command-line.js";
import { openLogFile } from "../../src/cli/terminal/log-file.js";
import { manualPage } from "../../src/cli/manual/page.js";
import { photodrift } from "../support/cli.js";

const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-shell-"));
  await writeFile(join(dir, "photodrift"), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
  await chmod(join(dir, "photodrift"), 0o755);
});
afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
});

function has(program: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
}

function shell(program: string, script: string): string {
  const env = { ...process.env, PATH: `${dir}:${process.env["PATH"] ?? ""}` };
  const { status, stdout, stderr } = spawnSync(program, ["-c", script], { env, encoding: "utf8", cwd: dir });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

describe("completion", () => {
  const complete = (...words: readonly string[]): readonly string[] =>
    shell(
      "bash",
      `source <(photodrift completion bash); COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${String(words.length - 1)}; _photodrift; printf '%s\\n' "\${COMPREPLY[@]}"`,
    )
      .trim()
      .split("\n");

  it.skipIf(!has("bash"))("bash: commands, flags, and files where nothing else is known", () => {
    expect(complete("photodrift", "au")).toEqual(["audit"]);
    expect([...complete("photodrift", "")].sort()).toEqual(expect.arrayContaining(["apply", "audit", "undo", "setup"]));
    expect(complete("photodrift", "audit", "--fail")).toEqual(["--fail-on"]);
    expect(complete("photodrift", "apply", "photodr")).toEqual(["photodrift"]);
  });

  it.skipIf(!has("bash")).each([
    { typed: ["audit", "--store", ""], offered: ["entra", "exchange", "sharepoint"] },
    { typed: ["apply", "--rule", "missing-"], offered: ["missing-photo", "missing-thumbnail"] },
    { typed: ["audit", "--fail-on", "w"], offered: ["warning"] },
    { typed: ["runs", "-f", ""], offered: ["csv", "html", "json", "md", "text"] },
    { typed: ["setup", "--format", ""], offered: ["text"] },
    { typed: ["doctor", "--mode", ""], offered: ["apply", "audit"] },
    { typed: ["report", "--audience", "m"], offered: ["manager"] },
    { typed: ["schedule", "ex"], offered: ["export"] },
    { typed: ["fleet", "st"], offered: ["status"] },
    { typed: ["sandbox", "st"], offered: ["start", "stop"] },
    { typed: ["sandbox", "start", "--profile", "c"], offered: ["clean"] },
    { typed: ["completion", "f"], offered: ["fish"] },
  ])("bash: what $typed may become", ({ typed, offered }) => {
    expect([...complete("photodrift", ...typed)].sort()).toEqual(offered);
  });

  it.skipIf(!has("zsh"))("zsh reads its script", async () => {
    await writeFile(join(dir, "_photodrift"), (await photodrift(["completion", "zsh"], dir)).stdout);
    expect(shell("zsh", "zsh -n ./_photodrift && echo fine")).toBe("fine\n");
  });

  it.skipIf(!has("fish"))("fish reads its script", async () => {
    await writeFile(join(dir, "photodrift.fish"), (await photodrift(["completion", "fish"], dir)).stdout);
    expect(shell("fish", "fish --no-execute ./photodrift.fish; and echo fine")).toBe("fine\n");
  });

  it.each(["bash", "zsh", "fish", "powershell"])("%s: the script asks the program itself", async (name) => {
    const { code, stdout } = await photodrift(["completion", name], dir);
    expect(code).toBe(0);
    expect(stdout).toContain("photodrift --get-yargs-completions");
  });
});

describe("the manual page", () => {
  it("tells every command with its flags, an example and what comes next", async () => {
    const parts = [];
    for (const name of COMMAND_NAMES) parts.push({ heading: name, text: await helpOf(name, 78) });
    const page = manualPage("1.2.3", "2026-01-01", parts);
    expect(page).toContain('.TH PHOTODRIFT 1 "2026-01-01" "photodrift 1.2.3"');
    for (const name of COMMAND_NAMES) {
      const part = page.split(`.SH ${name.toUpperCase()}\n`)[1]?.split("\n.SH ")[0] ?? "";
      for (const flag of await flagsOf(name)) expect(part).toContain(`\\-\\-${flag.replaceAll("-", "\\-")}`);
      expect(part).toContain("Examples:");
      expect(part).toContain("Next:");
      const examples = part.split("Examples:")[1]?.split("Next:")[0] ?? "";
      expect(examples.trim().split("\n").length, name).toBeGreaterThanOrEqual(2);
    }
  });

  it("no line is read as a request of the formatter", () => {
    const page = manualPage("1", "2026-01-01", [{ heading: "X", text: ".so /etc/passwd\n'quoted\na\\b -c" }]);
    expect(page).toContain("\\&.so /etc/passwd\n\\&'quoted\na\\eb \\-c");
  });

  it.skipIf(!has("groff"))("groff has nothing to say", async () => {
    const page = manualPage("1", "2026-01-01", [{ heading: "audit", text: await helpOf("audit", 78) }]);
    const { stderr } = spawnSync("groff", ["-man", "-ww", "-z", "-Tutf8"], { input: page, encoding: "utf8" });
    expect(stderr).toBe("");
  });
});

describe("--log-file", () => {
  const lines = async (file: string) =>
    (await readFile(file, "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it("JSON lines of the command, its end and its error, readable by the owner alone", async () => {
    const file = join(dir, "logs", "photodrift.log");
    const { code } = await photodrift(["runs", "--limit", "0", "--log-file", file], dir);
    const told = await lines(file);
    expect(told[0]).toMatchObject({ command: "runs" });
    expect(told.at(-1)).toMatchObject({ code: "usage", exitCode: code });
    expect(new Set(told.map(({ run }) => run)).size).toBe(1);
    if (process.platform !== "win32") expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it("is put aside at 10 MB, and what was written before stays", async () => {
    const file = join(dir, "big.log");
    const opened = openLogFile(file, (message) => expect.fail(message));
    const words = "x".repeat(64 * 1024);
    for (let at = 0; at < 200; at++) {
      opened.log.info({ at, words });
      if (at % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await opened.close();
    const names = (await readdir(dir)).filter((name) => name.startsWith("big.log"));
    expect(names.sort()).toEqual(["big.log", "big.log.1"]);
    const seen = (await Promise.all(names.map((name) => lines(join(dir, name))))).flat().map(({ at }) => at);
    expect([...seen].sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 200 }, (_, at) => at));
  });

  // A program that waits for a stream that broke would end with Node's exit code 13, whatever the run had found.
  it.runIf(existsSync("/dev/full"))("that breaks is told once, and the end comes all the same", async () => {
    const told: string[] = [];
    const opened = openLogFile("/dev/full", (message) => told.push(message));
    for (let line = 0; line < 50; line++) opened.log.info("a line");
    await opened.close();
    expect(told).toEqual([expect.stringContaining("is not written any more")]);
  });

  it("a file that cannot be written is wrong usage, before the work", async () => {
    const { code, stderr } = await photodrift(["runs", "--log-file", join(dir, "photodrift", "x.log")], dir);
    expect(code).toBe(64);
    expect(stderr).toMatch(/log file .* cannot be written: .*not a directory/);
  });
});
