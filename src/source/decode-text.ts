/** Text of a list file, or the reason why it is none. */
export type DecodedText = { readonly text: string } | { readonly problem: string };

/**
 * Decodes UTF-8 and, as Excel's "Unicode text" writes it, UTF-16 of either byte order, with or without a byte order mark.
 * Other encodings are refused instead of guessed: a wrong guess changes names.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const encoding = encodingOf(bytes);
  try {
    // A byte order mark is dropped by the decoder.
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes) };
  } catch {
    const at = encoding === "utf-8" ? ` (line ${firstBadLine(bytes)})` : "";
    return { problem: `it is not ${encoding.toUpperCase()} text${at}` };
  }
}

function encodingOf(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  // The header is ASCII, so that without a mark the place of the zero byte tells the order.
  if (bytes.length >= 4 && first !== 0 && second === 0) return "utf-16le";
  if (bytes.length >= 4 && first === 0 && second !== 0) return "utf-16be";
  return "utf-8";
}

/** Line of the first byte that is no UTF-8. */
function firstBadLine(bytes: Uint8Array): number {
  let line = 1;
  let start = 0;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for (let i = 0; i <= bytes.length; i++) {
    if (i < bytes.length && bytes[i] !== 0x0a) continue;
    try {
      decoder.decode(bytes.subarray(start, i));
    } catch {
      return line;
    }
    start = i + 1;
    line++;
  }
  return line - 1;
}
