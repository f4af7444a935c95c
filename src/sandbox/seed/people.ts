import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { drawingSeed, shapeOf, type PictureSource } from "../pictures.js";
import { randomFrom } from "../random.js";

/** The faces of a tenant: portraits for people with a master, and strangers, who have neither account nor master. */
export interface People {
  /** The next portrait that fits, or null when none is left. */
  readonly portrait: (wanted?: Wanted) => PictureSource | null;
  readonly stranger: () => PictureSource;
}

export interface Wanted {
  /** Least shorter side in pixels. */
  readonly side?: number;
  readonly square?: boolean;
}

function fits(source: PictureSource, { side = 0, square = false }: Wanted): boolean {
  const { width, height } = shapeOf(source);
  return Math.min(width, height) >= side && (!square || width === height);
}

const IMAGE_NAME = /\.(jpe?g|png|webp|tiff?|avif|gif)$/i;

/** Faces that are drawn, as many as asked for. `side`: all squares of that size; otherwise each has a shape of its own. */
export function drawnPeople(seed: number, most: number, side?: number): People {
  let next = 0;
  let portraits = 0;
  const draw = (): PictureSource => {
    const source: PictureSource = { kind: "portrait", seed: drawingSeed("person", seed, next++) };
    return side === undefined ? source : { ...source, side };
  };
  return {
    portrait: (wanted = {}) => {
      if (portraits >= most) return null;
      portraits++;
      for (;;) {
        const source = draw();
        if (side !== undefined || fits(source, wanted)) return source;
      }
    },
    stranger: draw,
  };
}

interface Manifest {
  readonly people: readonly { readonly person: string; readonly files: readonly string[] }[];
}

function isManifest(value: unknown): value is Manifest {
  return typeof value === "object" && value !== null && "people" in value && Array.isArray(value.people);
}

/** First file of each person: manifest.json when there is one, else every image of the folder is a person. Subfolders are left alone. */
async function firstFiles(folder: string): Promise<string[]> {
  try {
    const manifest: unknown = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8"));
    if (isManifest(manifest)) return manifest.people.flatMap(({ files }) => files.slice(0, 1));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && IMAGE_NAME.test(entry.name) && !entry.name.startsWith("."))
    .map((entry) => entry.name)
    .sort();
}

/**
 * Real portraits of a folder as faces. One person in twelve is kept aside as a stranger: two shots of one sitting look alike to a
 * comparison, so only somebody else's face is surely another picture. Strangers beyond those are drawn.
 * @throws when the folder cannot be read or holds no readable image
 */
export async function realPeople(folder: string, seed: number): Promise<People> {
  const found: PictureSource[] = [];
  for (const file of await firstFiles(folder)) {
    const path = join(folder, file);
    const shape = await sharp(path)
      .metadata()
      .then(({ autoOrient }) => autoOrient)
      .catch(() => null);
    if (shape !== null) found.push({ kind: "file", path, width: shape.width, height: shape.height });
  }
  if (found.length === 0) throw new Error(`no readable portraits in ${folder}`);
  const pool = randomFrom("people", seed).shuffled(found);
  const strangers = pool.splice(0, Math.floor(pool.length / 12));
  const drawn = drawnPeople(seed, 0);
  return {
    portrait: (wanted = {}) => {
      const at = pool.findIndex((source) => fits(source, wanted));
      return at < 0 ? null : (pool.splice(at, 1)[0] ?? null);
    },
    stranger: () => strangers.shift() ?? drawn.stranger(),
  };
}
