/**
 * What is wrong with bytes that should be a whole image, or null. Looks at the first bytes and, where the format has one, at the end mark:
 * enough to tell a sign-in page or a transfer that broke off from a picture. The pixels are somebody else's.
 */
export function imageFlaw(bytes: Buffer): string | null {
  if (bytes.length === 0) return "it is empty";
  const head = bytes.toString("latin1", 0, 12);
  const format = FORMATS.find(({ begins }) => begins.test(head));
  if (format !== undefined) return format.isWhole(bytes) ? null : `the ${format.name} is cut off`;
  return /^\s*</.test(bytes.toString("latin1", 0, 64)) ? "it is a web page, not an image" : "it is no image";
}

interface ImageFormat {
  readonly name: string;
  /** The first twelve bytes, a character each. */
  readonly begins: RegExp;
  readonly isWhole: (bytes: Buffer) => boolean;
}

const FORMATS: readonly ImageFormat[] = [
  // Some writers pad behind the end mark.
  { name: "JPEG", begins: /^\xff\xd8\xff/, isWhole: (bytes) => bytes.lastIndexOf(Buffer.from([0xff, 0xd9])) > 2 },
  { name: "PNG", begins: /^\x89PNG/, isWhole: (bytes) => bytes.lastIndexOf("IEND") > 0 },
  { name: "GIF", begins: /^GIF8/, isWhole: (bytes) => bytes.lastIndexOf(0x3b) > 6 },
  { name: "WebP", begins: /^RIFF.{4}WEBP/s, isWhole: (bytes) => bytes.length >= bytes.readUInt32LE(4) + 8 },
  { name: "picture", begins: /^(?:BM|II\*\0|MM\0\*|.{4}ftyp)/s, isWhole: () => true },
];

/**
 * What is wrong with a download that should be a whole image, or null: its bytes, the type that the service gives them, and their number
 * where it is known. A type of no consequence (`application/octet-stream`, none) is looked past.
 */
export function downloadFlaw(bytes: Buffer, contentType: string | undefined, length: number | null): string | null {
  const type = (contentType ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (type.startsWith("text/") || type.includes("html") || type.includes("json") || type.includes("xml")) {
    return `it is ${type}, not an image`;
  }
  const flaw = imageFlaw(bytes);
  if (flaw !== null) return flaw;
  if (length === null || length === bytes.length) return null;
  return `it has ${String(bytes.length)} bytes where ${String(length)} are stored`;
}

/**
 * What is wrong with the download of one file of the library, or null. An etag of SharePoint names the file by its id: that of another file
 * is another picture. The length holds while the etag says that the file is the one that was listed.
 */
export function fileDownloadFlaw(
  file: { readonly uniqueId: string; readonly etag: string | null; readonly length: number | null },
  { body, headers }: { readonly body: Buffer; readonly headers: Readonly<Record<string, string>> },
): string | null {
  const etag = headers["etag"] ?? null;
  const named = /\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?,/i.exec(etag ?? "")?.[1]?.toLowerCase();
  if (named !== undefined && file.uniqueId !== "" && named !== file.uniqueId) return "it is another file";
  const changed = etag !== null && file.etag !== null && etag !== file.etag;
  return downloadFlaw(body, headers["content-type"], changed ? null : file.length);
}
