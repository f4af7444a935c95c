/** What a decoder's process is asked, on its command line; the file itself comes through standard input. */
export interface DecodeRequest {
  /** ImageMagick's name of the format, or "HEIC". */
  readonly format: string;
  /** Pixels of the shorter side that are wanted at most. */
  readonly side: number;
  /** Pixels that are decoded at most. */
  readonly maxPixels: number;
}

/** What it answers, followed by the picture as sRGB JPEG of that size at most. */
export interface DecodedHeader {
  /** Full size, turned as it is to be seen. */
  readonly width: number;
  readonly height: number;
  /** Nothing of it is opaque. */
  readonly transparent: boolean;
}

export interface DecodeRefusal {
  readonly refused: "too-large" | "damaged";
  readonly message: string;
}

/** JPEG at this quality without loss of colour resolution is within one level of the decoded picture. */
export const QUALITY = 97;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A picture's size with its shorter side at most `side`, never enlarged. */
export function workingSize({ width, height }: Size, side: number): Size {
  const scale = Math.min(1, side / Math.min(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Length of the JSON text, the JSON text, the picture. */
export function pack(header: DecodedHeader | DecodeRefusal, picture: Uint8Array = new Uint8Array(0)): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, text, picture]);
}

/** The reverse of `pack`; null where the answer is cut off or none of ours. */
export function unpack(
  answer: Buffer,
): { readonly header: DecodedHeader | DecodeRefusal; readonly picture: Buffer } | null {
  if (answer.length < 4) return null;
  const end = 4 + answer.readUInt32BE(0);
  if (end > answer.length) return null;
  try {
    const header = JSON.parse(answer.toString("utf8", 4, end)) as DecodedHeader | DecodeRefusal;
    return { header, picture: answer.subarray(end) };
  } catch {
    return null;
  }
}
