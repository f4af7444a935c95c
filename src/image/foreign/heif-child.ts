import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { toPng } from "../png.js";
import { answerOnce, type Decoded, refusesSize } from "./child-main.js";
import { heifColour } from "./heif-colour.js";
import { profileOf } from "./icc-profile.js";
import { type DecodeRequest, workingSize } from "./protocol.js";
import { reduceRows } from "./reduce.js";

type Handle = object;

interface LibheifError {
  readonly code: { readonly value: number };
  readonly message: string;
}

/** The part of libheif's C interface, as its JavaScript build gives it, that is used here. */
interface Libheif {
  heif_context_alloc(): number;
  heif_context_read_from_memory(context: number, bytes: Uint8Array): LibheifError;
  heif_js_context_get_list_of_top_level_image_IDs(context: number): readonly number[] | LibheifError;
  heif_js_context_get_image_handle(context: number, id: number): Handle | LibheifError;
  heif_image_handle_is_primary_image(handle: Handle): number;
  heif_image_handle_get_width(handle: Handle): number;
  heif_image_handle_get_height(handle: Handle): number;
  heif_js_decode_image2(handle: Handle, colours: unknown, chroma: unknown): DecodedImage | LibheifError;
  readonly heif_colorspace_RGB: unknown;
  readonly heif_chroma_interleaved_RGB: unknown;
}

interface DecodedImage {
  readonly channels: readonly {
    readonly width: number;
    readonly height: number;
    readonly stride: number;
    /** A view into the memory of the decoder: valid until it is asked something else. */
    readonly data: Uint8Array;
  }[];
}

/**
 * The primary image of a HEIF container, turned and cut as the container says; thumbnails, depth, alpha and other auxiliary images are
 * not looked at. Its colours come along as the profile of the container, or as one made of its code points.
 */
async function decode(bytes: Buffer, request: DecodeRequest): Promise<Decoded> {
  const lib = load();
  const context = lib.heif_context_alloc();
  failed(lib.heif_context_read_from_memory(context, bytes));
  const handle = primaryImage(lib, context);
  const [width, height] = [lib.heif_image_handle_get_width(handle), lib.heif_image_handle_get_height(handle)];
  const tooLarge = refusesSize(width, height, request);
  if (tooLarge !== null) return tooLarge;
  const { icc, nclx } = heifColour(bytes);
  const profile = icc ?? (nclx === null ? null : profileOf(nclx));
  const [rows] = failed(
    lib.heif_js_decode_image2(handle, lib.heif_colorspace_RGB, lib.heif_chroma_interleaved_RGB),
  ).channels;
  if (rows === undefined) throw new Error("the image has no colours");
  const small = workingSize({ width, height }, request.side);
  const picture = toPng(reduceRows(rows, small.width, small.height), profile);
  return { header: { width, height, transparent: false }, picture };
}

function load(): Libheif {
  const require = createRequire(import.meta.url);
  const start = require("libheif-js/libheif-wasm/libheif.js") as (options: { wasmBinary: Buffer }) => Libheif;
  return start({ wasmBinary: readFileSync(require.resolve("libheif-js/libheif-wasm/libheif.wasm")) });
}

function primaryImage(lib: Libheif, context: number): Handle {
  const ids = failed(lib.heif_js_context_get_list_of_top_level_image_IDs(context));
  const handles = ids.map((id) => failed(lib.heif_js_context_get_image_handle(context, id)));
  const primary = handles.find((handle) => lib.heif_image_handle_is_primary_image(handle)) ?? handles[0];
  if (primary === undefined) throw new Error("the container holds no still image");
  return primary;
}

/** libheif answers an error object where it fails. */
function failed<T extends object>(answer: T | LibheifError | null | undefined): T {
  if (answer === null || answer === undefined) throw new Error("the image cannot be decoded");
  if ("code" in answer && answer.code.value !== 0) throw new Error(answer.message);
  return answer as T;
}

await answerOnce(decode);
