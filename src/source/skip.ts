import { isImageName } from "../model/image-name.js";

/** Files that systems leave in folders of pictures, lower case. */
const SYSTEM_NAMES: ReadonlySet<string> = new Set([
  "thumbs.db",
  "ehthumbs.db",
  "ehthumbs_vista.db",
  "desktop.ini",
  "icon\r",
  "@eadir",
  "#recycle",
  "#snapshot",
  "$recycle.bin",
  "system volume information",
  "lost+found",
]);

/** Why an entry is left out by its name alone, or null when it must be looked at. */
export function skipReason(name: string): string | null {
  if (name.startsWith("._")) return "resource fork of macOS";
  if (name.startsWith(".")) return "hidden";
  if (name.startsWith("~$")) return "lock file of an open document";
  if (SYSTEM_NAMES.has(name.toLowerCase())) return "file of the operating system";
  if (name.includes("\uFFFD")) return "the name is not valid UTF-8, so the file cannot be opened by it";
  return null;
}

/** Why a regular file is left out by its name, or null. */
export function skipFileReason(name: string): string | null {
  return isImageName(name) ? null : "not an image name";
}
