import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isImageName } from "../../model/image-name.js";

/** A folder below the configuration that may be the one with the masters. */
export interface PictureFolder {
  /** As it is written into the configuration: `./photos`. */
  readonly folder: string;
  readonly pictures: number;
}

const LEAST_PICTURES = 2;
const NEVER = new Set(["node_modules", "reports", "schedules", "setup"]);

/** Folders beside the configuration that hold pictures, most pictures first; no deeper ones, and none that is hidden. */
export async function pictureFolders(base: string): Promise<readonly PictureFolder[]> {
  const entries = await readdir(base, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const found: PictureFolder[] = [];
  for (const name of names.filter((one) => !one.startsWith(".") && !NEVER.has(one)).sort()) {
    const files = await readdir(join(base, name)).catch(() => []);
    const pictures = files.filter((file) => !file.startsWith(".") && isImageName(file)).length;
    if (pictures >= LEAST_PICTURES) found.push({ folder: `./${name}`, pictures });
  }
  return found.sort((a, b) => b.pictures - a.pictures);
}
