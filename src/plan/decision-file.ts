import { z } from "zod";
import { DECISION_KINDS } from "../model/decision.js";
import { PhotodriftError } from "../model/errors.js";
import { RULE_IDS } from "../model/rule.js";
import { cut, plain } from "../model/text.js";
import { problemsOf } from "./schema.js";
import { duplicateKey } from "./strict.js";

export const DECISION_FORMAT_VERSION = "1.0";

/** Far more than the 10,000 decisions of the largest pages take. */
export const MOST_DECISION_BYTES = 64 * 1024 * 1024;

const text = z.string().max(1000);

/** One decision as the report's page saves it (CONTRACT section 9). */
const row = z.strictObject({
  findingId: text.min(1),
  address: text.min(1),
  /** Object id; null or empty for thumbnails of nobody. */
  user: text.nullable(),
  rule: z.enum(RULE_IDS),
  decision: z.enum(DECISION_KINDS),
  /** Content hash or etag of the stored picture that was looked at. */
  seen: text.min(1),
  /** SHA-256 of the master; null or empty where there was none. */
  master: text.nullable(),
  /** Every write that rests on it says whose decision it was. */
  by: text.trim().min(1, "nobody is named"),
  at: z.iso.datetime(),
});

const file = z.strictObject({
  formatVersion: z.literal(DECISION_FORMAT_VERSION),
  tenant: text.min(1),
  basedOn: z.strictObject({ runId: text.min(1) }),
  /** Each is checked by itself: one that cannot be read costs no other. */
  decisions: z.array(z.unknown()),
});

/** One row of a decision file. */
export type DecisionRow = z.infer<typeof row>;

/** A decision file taken apart: each row, or what is wrong with it. */
export interface DecisionFile {
  readonly tenant: string;
  readonly runId: string;
  readonly rows: readonly { readonly line: number; readonly row: DecisionRow | null; readonly fault: string }[];
}

/**
 * A saved decision file. Throws PhotodriftError `decisions-unreadable` (usage) where the file as a whole is none; a row that is not as it
 * should be comes with its fault.
 */
export function parseDecisionFile(name: string, content: string): DecisionFile {
  const head = file.safeParse(parsed(name, content));
  if (!head.success) throw unreadable(name, problemsOf(head.error)[0] ?? "");
  const { tenant, basedOn, decisions } = head.data;
  return {
    tenant,
    runId: basedOn.runId,
    rows: decisions.map((given, index) => {
      const read = row.safeParse(given);
      return read.success
        ? { line: index + 1, row: read.data, fault: "" }
        : { line: index + 1, row: null, fault: problemsOf(read.error)[0] ?? "not as expected" };
    }),
  };
}

/** The text of a file's bytes: UTF-8, or UTF-16 as PowerShell writes it, a byte order mark taken off. Same errors. */
export function decisionText(name: string, bytes: Uint8Array): string {
  if (bytes.byteLength > MOST_DECISION_BYTES) throw unreadable(name, "it is larger than 64 MB");
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw unreadable(name, `it is no ${encoding.toUpperCase()} text`);
  }
}

function parsed(name: string, content: string): unknown {
  const value = parsedJson(name, content);
  // Which of the two was meant, nobody can tell.
  const twice = duplicateKey(content);
  if (twice !== null) throw unreadable(name, `an object of it has the key "${cut(plain(twice), 60)}" twice`);
  return value;
}

function parsedJson(name: string, content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw unreadable(name, error instanceof Error ? cut(plain(error.message), 200) : "it is no JSON");
  }
}

function unreadable(name: string, why: string): PhotodriftError {
  return new PhotodriftError(
    "decisions-unreadable",
    `${name} is no file of decisions: ${why}.`,
    "Open the HTML report, decide there, and take the file that `Save decisions` gives, as it is.",
    "usage",
  );
}

/** JSON Schema of the file, for those who write it by other means. */
export function decisionFileSchema(): object {
  return z.toJSONSchema(file.extend({ decisions: z.array(row) }));
}
