import { z } from "zod";
import { DECISION_KINDS, PhotodriftError, RULE_IDS } from "../model/index.js";
import { problemsOf } from "./schema.js";

export const DECISION_FORMAT_VERSION = "1.0";

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
  by: text,
  at: z.iso.datetime(),
});

const file = z.strictObject({
  formatVersion: z.literal(DECISION_FORMAT_VERSION),
  tenant: text.min(1),
  basedOn: z.strictObject({ runId: text.min(1) }),
  /** Each is checked by itself: one that cannot be read costs no other. */
  decisions: z.array(z.unknown()),
});

export type DecisionRow = z.infer<typeof row>;

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

function parsed(name: string, content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw unreadable(name, error instanceof Error ? error.message : String(error));
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
