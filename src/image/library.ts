import { createRequire } from "node:module";
import type { Sharp, SharpInput, SharpOptions } from "sharp";

type Library = ((input: SharpInput, options?: SharpOptions) => Sharp) & { cache(kept: boolean): void };

const load = createRequire(import.meta.url);
let library: Library | null = null;

/** A pipeline of the image library, which is loaded with the first: an audit in which nothing changed looks at no picture. */
export function sharp(input: SharpInput, options?: SharpOptions): Sharp {
  library ??= loadLibrary();
  return library(input, options);
}

function loadLibrary(): Library {
  const loaded = load("sharp") as Library;
  // libvips keeps results of file operations by name; a master that is replaced in place must never be answered from memory.
  loaded.cache(false);
  return loaded;
}
