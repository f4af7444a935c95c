/** Runs of photodrift against a sandbox, measured from outside. */
import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";

export const MAIN = path.join(import.meta.dirname, "..", "dist", "main.js");
const USAGE = path.join(import.meta.dirname, "usage.mjs");

/** Starts `sandbox start` with these flags; gives how to stop it. */
export async function openSandbox(...flags) {
  const child = spawn(process.execPath, [MAIN, "sandbox", "start", ...flags.map(String)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((resolve, reject) => {
    child.stdout.once("data", resolve);
    child.once("exit", () => reject(new Error("the sandbox did not start")));
  });
  child.stdout.resume();
  return async () => {
    child.kill("SIGTERM");
    if (child.exitCode === null) await new Promise((resolve) => child.once("exit", resolve));
  };
}

/**
 * Runs a script to its end; exit code 2 is drift that an administrator decides about.
 * @param watched `env` for the script; `file`: a file whose largest size is wanted
 * @returns seconds on the wall, CPU milliseconds of all its threads, peak memory in MiB, bytes written to disks, largest size of the file
 */
export async function measured(folder, args, { env = {}, file = null } = {}) {
  const usageFile = path.join(folder, "usage.json");
  const began = performance.now();
  const child = spawn(process.execPath, ["--import", USAGE, ...args.map(String)], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, ...env, USAGE_FILE: usageFile },
  });
  let largest = 0;
  const look = setInterval(() => (largest = Math.max(largest, sizeOf(file))), 20);
  const code = await new Promise((resolve) => child.once("exit", resolve));
  clearInterval(look);
  const seconds = (performance.now() - began) / 1000;
  if (code !== 0 && code !== 2) throw new Error(`${args.join(" ")} ended with ${code}`);
  const { cpu, peak, written } = JSON.parse(await readFile(usageFile, "utf8"));
  return { seconds, cpu, peak, written, largest };
}

/** Bytes, 0 for none. */
export function sizeOf(file) {
  return (file === null ? undefined : statSync(file, { throwIfNoEntry: false }))?.size ?? 0;
}
