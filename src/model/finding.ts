import { z } from "zod";
import { addressSchema } from "./address.js";
import { DECISION_KINDS } from "./decision.js";
import { ATTRIBUTIONS } from "./photo.js";
import { ACTION_KINDS, CAUSES, RULE_IDS, SEVERITIES } from "./rule.js";
import { moment, type DeepReadonly } from "./shapes.js";

export type { FindingUser } from "./shapes.js";

/** What JSON can say. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** What a rule expected and saw; its members depend on the rule. */
const facts = z.record(z.string(), z.unknown());

interface Facts {
  readonly expected: { readonly [key: string]: JsonValue };
  readonly actual: { readonly [key: string]: JsonValue };
}

const remedySchema = z.strictObject({
  kind: z
    .enum(["automatic", "when-named", "manual", "waits", "none"])
    .describe("automatic by apply under policy.autoApply, when-named only with --rule, waits heals by itself"),
  actions: z.array(z.enum(ACTION_KINDS)),
  cure: z
    .string()
    .exactOptional()
    .describe("for manual remedies: the sentence that tells the administrator what to do"),
});
/** What cures a finding, and who carries it out. */
export type Remedy = DeepReadonly<z.output<typeof remedySchema>>;

/** A finding as a report tells it. */
export const findingSchema = z.strictObject({
  id: z.string().describe("stable for the same rule at the same address of the same tenant"),
  rule: z.enum(RULE_IDS),
  severity: z.enum(SEVERITIES),
  drift: z.boolean(),
  user: z.strictObject({ id: z.string(), upn: z.string(), displayName: z.string() }).nullable(),
  address: addressSchema,
  attribution: z.enum(ATTRIBUTIONS).nullable(),
  cause: z.enum(CAUSES),
  expected: facts,
  actual: facts,
  summary: z.string().describe("one sentence for people"),
  firstSeen: moment.describe("start of the run that first saw it without interruption"),
  remedy: remedySchema,
  decided: z
    .strictObject({ kind: z.enum(DECISION_KINDS), by: z.string(), at: moment })
    .exactOptional()
    .describe("what a person decided about it, while the decision holds"),
});

/** A recorded finding. */
export type Finding = Omit<DeepReadonly<z.output<typeof findingSchema>>, keyof Facts> & Facts;

/** What a rule says of one address. */
export type FindingDraft = Omit<Finding, "id" | "firstSeen">;
