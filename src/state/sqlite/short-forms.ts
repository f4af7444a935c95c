/** A SHA-256 as a column holds it: 32 bytes, or any other text as it is. */
export type KeptHash = Buffer | string;
/** An identifier as a column holds it: the 16 bytes of a UUID in lower case, or any other text as it is. */
export type KeptId = Buffer | string;
/** A time as a column holds it: seconds or, from 10^11 on, milliseconds since 1970; any other text as it is. */
export type KeptTime = number | string;
/** Numbers as a column holds them: three bytes each where none has more than four digits, or a JSON array. */
export type KeptNumbers = Buffer | string;

/** A UUID in lower case, wherever it stands. */
export const UUID_PATTERN = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;
const UUID = new RegExp(`^${UUID_PATTERN.source}$`);
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

export function keptId(id: string): KeptId {
  return UUID.test(id) ? uuidBytes(id) : id;
}

export function idOf(kept: KeptId): string {
  return Buffer.isBuffer(kept) ? uuidText(kept) : kept;
}

/** @param uuid in lower case, with hyphens */
export function uuidBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll("-", ""), "hex");
}

export function uuidText(bytes: Buffer): string {
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
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

const NUMBER_BYTES = 3;
const DIGITS = 10_000;
const LEAST_POWER = -60;

/** @param numbers as they are measured, rounded to four significant digits; others are kept as well, in more room */
export function keptNumbers(numbers: readonly number[]): KeptNumbers {
  const bytes = Buffer.alloc(NUMBER_BYTES * numbers.length);
  for (const [at, number] of numbers.entries()) {
    const [digits = "0", power = "0"] = number.toExponential().replace(".", "").split("e");
    const exponent = Number(power) - (digits.length - 1) - LEAST_POWER;
    const fits =
      digits.length <= 4 && number >= 0 && exponent >= 0 && exponent * DIGITS < 2 ** 23 && !Object.is(number, -0);
    if (!fits) return JSON.stringify(numbers);
    bytes.writeUIntBE(exponent * DIGITS + Number(digits), NUMBER_BYTES * at, NUMBER_BYTES);
  }
  return bytes;
}

export function numbersOf(kept: KeptNumbers): readonly number[] {
  if (typeof kept === "string") return JSON.parse(kept) as readonly number[];
  return Array.from({ length: kept.length / NUMBER_BYTES }, (_, at) => {
    const value = kept.readUIntBE(NUMBER_BYTES * at, NUMBER_BYTES);
    return decimal(value % DIGITS, Math.floor(value / DIGITS) + LEAST_POWER);
  });
}

/** Powers of ten that are exact: one rounding, as where the text is read, and twenty times as fast. */
const EXACT_POWERS = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

function decimal(digits: number, power: number): number {
  const exact = EXACT_POWERS[Math.abs(power)];
  if (exact === undefined) return Number(`${String(digits)}e${String(power)}`);
  return power < 0 ? digits / exact : digits * exact;
}
