import { z } from "zod";
import { findingSchema } from "../model/finding.js";
import { RULE_IDS } from "../model/rule.js";
import { costSchema, outcomeSchema, runHeadSchema, runSummarySchema } from "../model/run.js";

export const FORMAT_VERSION = "1.0";

const reportDocument = z.strictObject({
  formatVersion: z.literal(FORMAT_VERSION),
  run: runHeadSchema,
  summary: runSummarySchema.extend({
    byRule: z.partialRecord(z.enum(RULE_IDS), runSummarySchema.shape.users),
  }),
  cost: costSchema,
  findings: z.array(findingSchema.meta({ id: "finding" })),
  outcomes: z.array(outcomeSchema.meta({ id: "outcome" })),
  leftOut: z.array(z.strictObject({ file: z.string(), reason: z.string() })).exactOptional(),
});

/** What the JSON report holds: the writer gives it member by member, in this order. */
export type ReportDocument = z.input<typeof reportDocument>;

/** JSON Schema (draft 2020-12) of the JSON report, `formatVersion` 1.0. */
export function reportSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(reportDocument, { io: "input" });
  return { $schema, $id: "urn:photodrift:report:1.0", title: "photodrift report", ...schema };
}
