import { UUID_PATTERN, uuidBytes, uuidText } from "./short-forms.js";

/** What a text says in digits, half as long as bytes. */
interface Kind {
  /** Bytes of the value. */
  readonly length: number;
  readonly write: (text: string) => Buffer;
  /** The text of the bytes, or another one where they are not of such a text. */
  readonly read: (bytes: Buffer) => string;
}

const HEX_PATTERN = /(?:[0-9a-f]{2}){8,64}/;
const TIME_PATTERN = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/;
const PATTERN = new RegExp([UUID_PATTERN, TIME_PATTERN, HEX_PATTERN].map(({ source }) => source).join("|"), "g");
const MOST_HEX = 64;
const UUID: Kind = { length: 16, write: uuidBytes, read: uuidText };
const TIME: Kind = {
  length: 6,
  write(text) {
    const bytes = Buffer.alloc(TIME.length);
    bytes.writeUIntBE(Math.max(0, Date.parse(text) || 0), 0, TIME.length);
    return bytes;
  },
  read: (bytes) => new Date(bytes.readUIntBE(0, TIME.length)).toISOString(),
};
const UUID_NUMBER = MOST_HEX + 1;
const TIME_NUMBER = MOST_HEX + 2;

/** By the number that stands before the value: hexadecimal digits of so many bytes, a UUID, or a time. */
function kindOf(number: number): Kind {
  if (number === UUID_NUMBER) return UUID;
  if (number === TIME_NUMBER) return TIME;
  return { length: number, write: (text) => Buffer.from(text, "hex"), read: (bytes) => bytes.toString("hex") };
}

function numberOf(text: string): number {
  if (text.includes("T")) return TIME_NUMBER;
  return text.includes("-") ? UUID_NUMBER : text.length / 2;
}

/** Characters that stand for values, in their order; JSON has none of them. */
const FIRST_MARK = 1;
const MOST_VALUES = 8;
const MARKS = new RegExp(`[${String.fromCharCode(FIRST_MARK)}-${String.fromCharCode(MOST_VALUES)}]`);
const MARKS_ALL = new RegExp(MARKS.source, "g");

/** `rest` has marks where values stood; `values` are their count, then the number of the kind and the bytes of each. */
export interface DrawnOut {
  readonly rest: string;
  readonly values: Buffer;
}

/** Draws out identifiers, hashes and times, each once however often it stands there; null where there are none or marks would be mistaken. */
export function drawOut(text: string): DrawnOut | null {
  if (MARKS.test(text)) return null;
  const marks = new Map<string, string>();
  const values: Buffer[] = [];
  const rest = text.replace(PATTERN, (found) => {
    const known = marks.get(found);
    if (known !== undefined || values.length === MOST_VALUES) return known ?? found;
    const number = numberOf(found);
    const kind = kindOf(number);
    const bytes = kind.write(found);
    if (kind.read(bytes) !== found) return found;
    const mark = String.fromCharCode(FIRST_MARK + values.length);
    marks.set(found, mark);
    values.push(Buffer.concat([Buffer.of(number), bytes]));
    return mark;
  });
  return values.length === 0 ? null : { rest, values: Buffer.concat([Buffer.of(values.length), ...values]) };
}

/** @param unpack makes `rest` of what stands after the values */
export function putBack(bytes: Buffer, unpack: (packed: Buffer) => string): string {
  const values: string[] = [];
  let at = 1;
  while (values.length < (bytes[0] ?? 0)) {
    const { length, read } = kindOf(bytes[at] ?? 0);
    values.push(read(bytes.subarray(at + 1, at + 1 + length)));
    at += 1 + length;
  }
  return unpack(bytes.subarray(at)).replace(MARKS_ALL, (mark) => values[mark.charCodeAt(0) - FIRST_MARK] ?? mark);
}
