import { withoutUnseen } from "../model/text.js";
import { personKey } from "./person-key.js";

/** What a cell of several people has at least: most cells have none of it, and lists may have 200,000. */
const MAYBE_SEVERAL = /[@＠﹫].*[@＠﹫]|[;；؛,，،、\r\n]/su;
/** A display name in quotes before its address: whatever stands in it is a name, also a separator or an address. */
const QUOTED_NAME = /"[^"]*"\s*</gu;
const BETWEEN_PEOPLE = /[;؛]/u;
/** Between people, or within a name: `Bianchi, Beatrix <beatrix@contoso.com>`. */
const WITHIN_PIECES = /[,،、\r\n]/u;
/** What an address never holds, and the fields of a mail link that hold the next address. */
const AROUND_ADDRESSES = /[\s,،、<>"“”„«»()[\]|/]|\?(?:to|cc|bcc)=|&(?:to|cc|bcc)=|\?/iu;
const ADDRESS = /^[^@]+@[^@]+$/u;
const NUMBER_OR_GUID = /^(?:\d+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/u;
const ADDRESS_OR_GUID = /@|^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-/u;

/** One of the pieces that `;` parts a cell into. */
interface Piece {
  /** Addresses, object ids and numbers: these name somebody, a display name beside them does not. */
  readonly sure: readonly string[];
  /** What else may be meant as somebody; nothing where the rest is a display name. */
  readonly rest: readonly string[];
}

/**
 * The people that a cell of a list names. The cell itself, as it is, for one person in any spelling, also `Bianchi, Beatrix <mail>`; where
 * it holds two or more addresses, object ids or numbers, or one of them beside another text with `;` between, each of these, and each
 * other part that is no display name. No part is dropped: one that names nobody has to be told.
 */
export function peopleIn(cell: string): readonly string[] {
  if (!MAYBE_SEVERAL.test(cell)) return [cell];
  const text = withoutUnseen(cell).normalize("NFKC").replace(QUOTED_NAME, "<");
  const pieces = text.split(BETWEEN_PEOPLE).filter((piece) => personKey(piece) !== "");
  const found = pieces.map(pieceOf);
  const sure = found.flatMap((piece) => piece.sure);
  if (sure.length === 0 || (sure.length === 1 && pieces.length === 1)) return [cell];
  return distinct(found.flatMap((piece) => [...piece.sure, ...piece.rest]));
}

/** Those of the people whom a cell names by address or object id: they are meant, whatever column the cell stands in. */
export function addressesIn(cell: string): readonly string[] {
  return peopleIn(cell).filter((part) => ADDRESS_OR_GUID.test(personKey(part)));
}

function pieceOf(piece: string): Piece {
  const addresses = piece.split(AROUND_ADDRESSES).filter((token) => token.includes("@"));
  // A blank in an address came by a line break or a copy: the spelling of one person is for `personKey`.
  if (addresses.length === 1 && !addresses.every((address) => ADDRESS.test(address))) {
    return { sure: [piece.trim()], rest: [] };
  }
  const segments = piece.split(WITHIN_PIECES).filter((segment) => personKey(segment) !== "");
  // "Room 12 <mail>" is one name; beside two addresses without brackets a number is somebody's.
  const ids = segments
    .filter((segment) => !segment.includes("<"))
    .flatMap((segment) => (segment.split("@").length > 2 ? segment.split(/\s/u) : segment))
    .filter(isId);
  const words = segments.filter((segment) => !segment.includes("@") && !isId(segment));
  const named = addresses.length > 0 && piece.includes("<");
  const rest = named ? [] : addresses.length + ids.length === 0 ? [piece] : words;
  return { sure: [...addresses, ...ids].map(trimmed), rest: rest.map(trimmed) };
}

function isId(text: string): boolean {
  return NUMBER_OR_GUID.test(personKey(text));
}

function trimmed(text: string): string {
  return text.trim();
}

function distinct(parts: readonly string[]): readonly string[] {
  return [...new Map(parts.map((part) => [personKey(part), part])).values()];
}
