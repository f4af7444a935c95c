import { statSync } from "node:fs";
import module from "node:module";
import { homedir } from "node:os";
import { posix, win32 } from "node:path";
import { makeFolderNow } from "../files/folders.js";

/** May write to a folder: its group, or everybody. */
const OTHERS_WRITE = 0o022;

/**
 * Keeps compiled code for the next start where Node can (from 22 on), in a folder of this user alone: Node's own is beside everybody's temporary
 * files, and whoever can write there says what runs here. Where there is no such folder nothing is kept, and the start takes a little longer.
 */
export function keepCompiledCode(): void {
  const { enableCompileCache } = module as { readonly enableCompileCache?: (folder: string) => unknown };
  if (enableCompileCache === undefined || process.env["NODE_COMPILE_CACHE"] !== undefined) return;
  try {
    const folder = folderOfCompiledCode(process.env, process.platform, homedir());
    if (folder !== null && isOurs(folder)) enableCompileCache(folder);
  } catch {
    // No home, no room, no right to write: told nobody, for nothing is lost.
  }
}

/** Null where the environment names no place: a relative one would be another in every working directory. */
export function folderOfCompiledCode(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string): string | null {
  if (platform === "win32") {
    const local = env["LOCALAPPDATA"] ?? win32.join(home, "AppData", "Local");
    return win32.isAbsolute(local) ? win32.join(local, "photodrift", "cache") : null;
  }
  const xdg = env["XDG_CACHE_HOME"] ?? "";
  const caches = posix.isAbsolute(xdg) ? xdg : posix.join(home, ".cache");
  return posix.isAbsolute(caches) ? posix.join(caches, "photodrift") : null;
}

/** Makes the folder where it is missing. False where it is another user's, as under a sudo that keeps HOME, or others may write to it. */
export function isOurs(folder: string): boolean {
  makeFolderNow(folder);
  const { uid, mode } = statSync(folder);
  const me = process.getuid?.();
  return me === undefined || (uid === me && (mode & OTHERS_WRITE) === 0);
}
