import { withoutUnseen } from "../model/text.js";

const DASHES = /\p{Pd}/gu;
const APOSTROPHES = /[‘’‛′´`ʼ]/gu;
/** Each round but the last takes something away; real cells are settled after two. */
const MOST_ROUNDS = 32;

/** `Name <mail>`, as mail programs copy a person; what follows is the separator to the next one. */
const BRACKETS = /<([^<>]+)>[\s;,]*$/u;
/** `="00123"`: how spreadsheets keep leading zeros. */
const FORMULA = /^="([^"]*)"$/u;
const QUOTES = /^["'“”„«»](.*)["'“”„«»]$/su;
/** Kinds of address in proxyAddresses, and the scheme of a link. */
const PREFIX = /^(?:smtp|sip|mailto)\s*:/iu;

/** SharePoint's account names: `i:0#.f|membership|anna@contoso.com`. */
const CLAIM = /^(?:[ic]:0[^|]{1,4}\|)?membership\|/iu;
/** A GUID in any of its usual forms: `{…}`, `(…)`, `urn:uuid:…`, 32 digits. */
const GUID =
  /^(?:urn:uuid:)?([{(]?)([0-9a-f]{8})(-?)([0-9a-f]{4})\3([0-9a-f]{4})\3([0-9a-f]{4})\3([0-9a-f]{12})[)}]?$/iu;

/**
 * The spelling in which names of users are compared, in lists as in the directory. Case, Unicode form and what nobody sees do not count,
 * nor does what comes along when an address is copied: `smtp:`, `mailto:`, `Name <…>`, quotes, blanks, a separator at the end, SharePoint's
 * claims, the braces of an object id, and the dashes and apostrophes that word processors put in. "" when nothing is left.
 */
export function personKey(text: string): string {
  let key = text;
  // What one round takes away may lay bare what another takes: a mark before a prefix, a quote in a bracket.
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const next = onceFolded(key);
    if (next === key) return key;
    key = next;
  }
  return key;
}

function onceFolded(text: string): string {
  let key = withoutUnseen(text).normalize("NFKC").replace(DASHES, "-").replace(APOSTROPHES, "'");
  key = BRACKETS.exec(key)?.[1] ?? key;
  for (let before = ""; before !== key;) {
    before = key;
    key = key
      .trim()
      .replace(/[\s;,]+$/u, "")
      .replace(FORMULA, "$1")
      .replace(QUOTES, "$1");
    if (PREFIX.test(key)) key = key.replace(PREFIX, "").replace(/\?.*$/su, "");
    key = key.replace(CLAIM, "").replace(GUID, "$2-$4-$5-$6-$7");
  }
  // A spreadsheet's mark for text; an address holds no blank, so those in one came by a line break or a copy.
  key = key.replace(/^'/u, "").replace(/\s+/gu, key.includes("@") ? "" : " ");
  return key.toLowerCase().normalize("NFC");
}
