import { spawn } from "node:child_process";
import { join } from "node:path";
import { runCli } from "../../src/cli/run.js";

const MAIN = join(import.meta.dirname, "..", "..", "dist", "main.js");

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built program as a user does, in a folder of the test, without a proxy. */
export async function photodrift(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): Promise<CliResult> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...process.env, HTTPS_PROXY: "", https_proxy: "", NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return { code, stdout, stderr };
}

/**
 * Runs a command line within the test's own process, without the cost of starting another: for tests of what is said, not of the process.
 * Not for two at a time, nor for commands that depend on the working directory.
 */
export async function photodriftHere(args: readonly string[]): Promise<CliResult> {
  const { stdout, stderr } = process;
  const told = { stdout: "", stderr: "" };
  const writes = { stdout: stdout.write.bind(stdout), stderr: stderr.write.bind(stderr) };
  const proxies = { HTTPS_PROXY: process.env["HTTPS_PROXY"], https_proxy: process.env["https_proxy"] };
  Object.assign(process.env, { HTTPS_PROXY: "", https_proxy: "" });
  stdout.write = (text: string | Uint8Array, ...rest: readonly unknown[]) => {
    told.stdout += String(text);
    const written = rest.at(-1);
    if (isCallback(written)) written();
    return true;
  };
  stderr.write = (text: string | Uint8Array) => ((told.stderr += String(text)), true);
  try {
    return { code: await runCli(["--no-color", ...args]), ...told };
  } finally {
    stdout.write = writes.stdout;
    stderr.write = writes.stderr;
    stdout.removeAllListeners("error");
    stderr.removeAllListeners("error");
    for (const [name, value] of Object.entries(proxies)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

function isCallback(value: unknown): value is () => void {
  return typeof value === "function";
}
