import { readPixels, type Pixels } from "./pixel-code.js";

/** Pictures whose pixels are remembered: 6 KiB each beside their code. */
const KEPT = 64;

/**
 * Reads what `codePixels` wrote, and remembers it of the pictures that were asked for last: decoding one takes as long as comparing it, and a
 * master is held against one picture after the other. Whoever gets pixels leaves them as they are.
 */
export function pixelReader(): (coded: Buffer) => Pixels {
  const kept = new Map<string, Pixels>();
  return (coded) => {
    // By the code itself: nothing has to be told when a picture is recorded anew.
    const key = coded.toString("latin1");
    const pixels = kept.get(key) ?? readPixels(coded);
    kept.delete(key);
    kept.set(key, pixels);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
    return pixels;
  };
}
