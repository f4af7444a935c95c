/** A SHA-256 as a column holds it: 32 bytes, or any other text as it is. */
export type KeptHash = Buffer | string;
/** A time as a column holds it: seconds or, from 10^11 on, milliseconds since 1970; any other text as it is. */
export type KeptTime = number | string;

const HASH = /^[0-9a-f]{64}$/;
const LEAST_MILLISECONDS = 1e11;

export function keptHash(sha256: string): KeptHash;
export function keptHash(sha256: string | null): KeptHash | null;
export function keptHash(sha256: string | null): KeptHash | null {
  return sha256 !== null && HASH.test(sha256) ? Buffer.from(sha256, "hex") : sha256;
}

export function hashOf(kept: KeptHash): string;
export function hashOf(kept: KeptHash | null): string | null;
export function hashOf(kept: KeptHash | null): string | null {
  return Buffer.isBuffer(kept) ? kept.toString("hex") : kept;
}

/** @param iso a time as JSON has it, with milliseconds, or as Microsoft 365 tells it, without */
export function keptTime(iso: string): KeptTime {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return iso;
  return [time / 1000, time].find((kept) => timeOf(kept) === iso) ?? iso;
}

export function timeOf(kept: KeptTime): string {
  if (typeof kept === "string") return kept;
  if (Math.abs(kept) >= LEAST_MILLISECONDS) return new Date(kept).toISOString();
  return `${new Date(kept * 1000).toISOString().slice(0, -".000Z".length)}Z`;
}
