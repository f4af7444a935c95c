#!/usr/bin/env node
import module from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";

keepCompiled();

// Only what is imported from here on is kept compiled.
const { runCli } = await import("./cli/run.js");

// An audit lets pages of users and pictures pass by: young objects die at once, and room for more of them only makes the process larger
// (measured: 30 MB less, no slower).
setFlagsFromString("--semi-space-growth-factor=1");
// What a page of rows leaves behind is collected when the heap has grown by half, not only when it is four times as large.
setFlagsFromString("--heap-growing-percent=50");

process.exitCode = await runCli(process.argv.slice(2));

/**
 * Compiled code is kept for the next start where Node can (from 22 on): in a folder of this user alone, for Node's own is beside everybody's
 * temporary files, and whoever could write there could say what runs here. Where no folder can be made nothing is kept.
 */
function keepCompiled(): void {
  const { enableCompileCache } = module as { readonly enableCompileCache?: (folder: string) => unknown };
  if (enableCompileCache === undefined || process.env["NODE_COMPILE_CACHE"] !== undefined) return;
  try {
    enableCompileCache(cacheFolder());
  } catch {
    // An account without a home: it starts a little slower.
  }
}

function cacheFolder(): string {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = process.env;
  if (process.platform === "win32") return join(local ?? join(homedir(), "AppData", "Local"), "photodrift", "cache");
  return join(xdg === undefined || xdg === "" ? join(homedir(), ".cache") : xdg, "photodrift");
}
