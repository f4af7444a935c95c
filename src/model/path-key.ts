import { withoutUnseen } from "./text.js";

/** The spelling in which paths of rows and files are compared, case apart: forward slashes, `.` and `..` resolved, nothing unseen. */
export function pathKey(path: string): string {
  const segments: string[] = [];
  const slashed = withoutUnseen(path)
    .normalize("NFC")
    .trim()
    .replace(/^"(.*)"$/su, "$1")
    .replace(/\\/g, "/");
  for (const segment of slashed.split("/")) {
    if (segment === "." || (segment === "" && segments.length > 0)) continue;
    if (segment === ".." && segments.length > 0 && !["", ".."].includes(segments.at(-1) ?? "")) segments.pop();
    else segments.push(segment);
  }
  // Two slashes at the front are a network path, not a folder.
  return (/^\/\/[^/]/.test(slashed) ? "/" : "") + segments.join("/");
}
