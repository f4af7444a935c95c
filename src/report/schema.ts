import { DECISION_KINDS } from "../model/decision.js";
import { ACTION_KINDS, CAUSES, RULE_IDS, SEVERITIES } from "../model/rule.js";

export const FORMAT_VERSION = "1.0";

type Schema = { readonly [key: string]: unknown };

const text: Schema = { type: "string" };
const natural: Schema = { type: "integer", minimum: 0 };
const time: Schema = { type: "string", format: "date-time" };
const counts: Schema = { type: "object", additionalProperties: natural };

/** An object with exactly these members; those named in `optional` may be missing. */
function exactly(properties: { readonly [name: string]: Schema }, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: "object", properties, required, additionalProperties: false };
}

function oneOf(values: readonly string[]): Schema {
  return { enum: values };
}

function orNull(schema: Schema): Schema {
  return { anyOf: [schema, { type: "null" }] };
}

function listOf(items: Schema): Schema {
  return { type: "array", items };
}

/** JSON Schema (draft 2020-12) of the JSON report, `formatVersion` 1.0. */
export function reportSchema(): object {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "urn:photodrift:report:1.0",
    title: "photodrift report",
    ...exactly(
      {
        formatVersion: { const: FORMAT_VERSION },
        run: exactly({
          id: text,
          mode: oneOf(["audit", "apply", "undo"]),
          trigger: oneOf(["cli", "schedule", "demo"]),
          tenant: text,
          startedAt: time,
          finishedAt: time,
          verdict: oneOf(["in-sync", "drift", "restored", "refused", "incomplete", "failed", "interrupted"]),
          exitCode: natural,
          complete: { type: "boolean" },
        }),
        summary: exactly({
          users: natural,
          usersInScope: natural,
          usersInSync: natural,
          usersWithDrift: natural,
          masters: natural,
          byRule: { ...counts, propertyNames: oneOf(RULE_IDS) },
          byStore: counts,
          new: natural,
          persisting: natural,
          resolved: natural,
        }),
        cost: exactly({
          requests: exactly({ login: natural, graph: natural, sharepoint: natural, exchange: natural }),
          bytesIn: natural,
          bytesOut: natural,
          throttled: natural,
          waitedSeconds: { type: "number", minimum: 0 },
          imagesDownloaded: natural,
        }),
        findings: listOf({ $ref: "#/$defs/finding" }),
        outcomes: listOf({ $ref: "#/$defs/outcome" }),
        leftOut: listOf(exactly({ file: text, reason: text })),
      },
      ["leftOut"],
    ),
    $defs: {
      finding: exactly(
        {
          id: text,
          rule: oneOf(RULE_IDS),
          severity: oneOf(SEVERITIES),
          drift: { type: "boolean" },
          user: orNull(exactly({ id: text, upn: text, displayName: text })),
          address: { type: "string", pattern: "^(entra|exchange|sharepoint|source)/" },
          attribution: orNull(oneOf(["no-mailbox", "merged", "split"])),
          cause: oneOf(CAUSES),
          expected: { type: "object" },
          actual: { type: "object" },
          summary: text,
          firstSeen: time,
          remedy: exactly(
            {
              kind: oneOf(["automatic", "when-named", "manual", "waits", "none"]),
              actions: listOf(oneOf(ACTION_KINDS)),
              cure: text,
            },
            ["cure"],
          ),
          decided: exactly({ kind: oneOf(DECISION_KINDS), by: text, at: time }),
        },
        ["decided"],
      ),
      outcome: exactly(
        {
          address: text,
          action: oneOf(ACTION_KINDS),
          kind: oneOf(["applied", "already-in-sync", "skipped", "stale", "failed"]),
          because: oneOf(RULE_IDS),
          decidedBy: text,
          error: exactly({ code: text, message: text, hint: text }),
        },
        ["because", "decidedBy", "error"],
      ),
    },
  };
}
