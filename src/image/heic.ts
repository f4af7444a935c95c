import type { Probe } from "./probe.js";
import { unreadable } from "./unreadable.js";

interface DecodedHeic {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

type HeicDecode = (input: { readonly buffer: Uint8Array }) => Promise<DecodedHeic>;

/** HEVC decoding runs in WebAssembly memory, which holds the whole frame twice. */
const MAX_HEIC_PIXELS = 64_000_000;

/**
 * Decodes HEIC with the optional package heic-decode (RGBA, orientation applied). sharp's prebuilt library leaves HEVC out
 * (facts/dependencies.md 1.5). Throws PhotodriftError `unreadable-image` when the package is absent or the file is damaged.
 */
export async function decodeHeic(bytes: Buffer, found: Probe): Promise<DecodedHeic> {
  if (found.width * found.height > MAX_HEIC_PIXELS) {
    throw unreadable("the HEIC image has too many pixels to be decoded safely", "Save the portrait as JPEG.");
  }
  const decode = await loadDecoder();
  if (decode === null) {
    throw unreadable(
      "the image is HEIC (HEVC), which needs a decoder that is not installed",
      "Install the optional package with `npm install heic-decode`, or save the portrait as JPEG.",
    );
  }
  try {
    return await decode({ buffer: bytes });
  } catch (error) {
    throw unreadable("the HEIC image cannot be decoded", "Save the portrait as JPEG.", error);
  }
}

async function loadDecoder(): Promise<HeicDecode | null> {
  try {
    const name = "heic-decode";
    const module = (await import(name)) as { readonly default: HeicDecode };
    return module.default;
  } catch {
    return null;
  }
}
