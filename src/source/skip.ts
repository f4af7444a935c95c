import { isImageName } from "../model/image-name.js";

/** Why an entry that may have the name of a picture is left out. */
export const SKIPPED = {
  folder: "folder (source.recursive is false)",
  noFile: "not a regular file",
  deadLink: "symbolic link that leads nowhere",
  linkOut: "symbolic link that leaves the source folder",
  folderLink: "symbolic link to a folder, not followed",
  noUtf8: "the name is not valid UTF-8, so the file cannot be opened by it",
} as const;

/** What to do, by the reason, where neither permissions nor waiting help. */
export const CURES: ReadonlyMap<string, string> = new Map([
  [SKIPPED.folder, "Move the picture out of the folder, or set source.recursive to true."],
  [SKIPPED.noFile, "Put the picture itself there, or remove the entry."],
  [SKIPPED.deadLink, "Put the picture itself there, or remove the link."],
  [SKIPPED.linkOut, "Copy the picture into the source folder; links out of it are not followed."],
  [SKIPPED.folderLink, "Put the picture itself there, or remove the link."],
  [SKIPPED.noUtf8, "Rename the file, in letters of UTF-8."],
]);

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
  if (name.includes("\uFFFD")) return SKIPPED.noUtf8;
  return null;
}

/** What may hold a portrait without being a picture, by extension, and how the portrait gets out of it. */
const HOLDERS: readonly (readonly [extensions: string, reason: string])[] = [
  ["pdf ai eps ps indd", "a document, not an image: export the portrait as JPEG"],
  [
    "doc docx dot dotx odt rtf pages ppt pptx odp key xls xlsx",
    "a document, not an image: save the picture in it as JPEG",
  ],
  ["mp4 mov m4v avi mkv webm wmv 3gp", "a video, not an image: save a single picture of it as JPEG"],
  ["zip 7z rar tar gz tgz", "an archive, not an image: unpack the pictures in it"],
  ["eml msg", "a mail, not an image: save the picture in it as JPEG"],
];

/** Why a regular file is left out by its name, or null. */
export function skipFileReason(name: string): string | null {
  if (isImageName(name)) return null;
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  const holder = name.includes(".")
    ? HOLDERS.find(([extensions]) => extensions.split(" ").includes(extension))
    : undefined;
  return holder?.[1] ?? "not an image name";
}
