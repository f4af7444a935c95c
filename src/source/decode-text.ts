/** Text of a list file, or the reason why it is none. */
export type DecodedText = { readonly text: string } | { readonly problem: string };

/**
 * Decodes UTF-8, UTF-16 of either byte order as Excel's "Unicode text" writes it, each with or without a byte order mark, and what Excel's
 * plain "CSV" writes in western Europe: Windows-1252. A text that is UTF-8 in one place and not in another is damaged and refused:
 * a wrong guess changes names.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const encoding = encodingOf(bytes);
  try {
    // A byte order mark is dropped by the decoder.
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes) };
  } catch {
    if (encoding === "utf-8" && isWindows1252(bytes)) return { text: new TextDecoder("windows-1252").decode(bytes) };
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

/** Bytes that Windows-1252 leaves without a character. */
const UNASSIGNED: ReadonlySet<number> = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

/** True where every byte is a character of Windows-1252 and no run of them reads as UTF-8. */
function isWindows1252(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    const control = byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d;
    if (control || UNASSIGNED.has(byte)) return false;
    // A lead byte and its continuation: "Ã¼", which no name holds and every text in UTF-8 does.
    const next = bytes[i + 1] ?? 0;
    if (byte >= 0xc2 && byte <= 0xf4 && next >= 0x80 && next <= 0xbf) return false;
  }
  return true;
}

/** Line of the first byte that is no UTF-8. */
function firstBadLine(bytes: Uint8Array): number {
  let line = 1;
  let start = 0;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for (let i = 0; i <= bytes.length; i++) {
    if (i < bytes.length && !endsLine(bytes, i)) continue;
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

/** LF, CR LF at its LF, and a lone CR. */
function endsLine(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x0a || (bytes[at] === 0x0d && bytes[at + 1] !== 0x0a);
}
