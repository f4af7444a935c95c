import { PICTURE_PROPERTIES, RULE_IDS } from "../model/index.js";
import { problemsOf, type Schema } from "./validate.js";

const text: Schema = { type: "string", maxLength: 4096 };
const nullableText: Schema = { type: ["string", "null"], maxLength: 4096 };
const sha256: Schema = { type: "string", pattern: "^[0-9a-f]{64}$" };
const nullableSha256: Schema = { type: ["string", "null"], pattern: "^[0-9a-f]{64}$" };
const time: Schema = { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$" };
const count: Schema = { type: "integer", minimum: 0 };
const nullableCount: Schema = { type: ["integer", "null"], minimum: 0 };
/** One name inside a folder: no way out of it. */
const fileName: Schema = { type: "string", pattern: "^[^/\\\\]+$", maxLength: 400 };

function object(properties: { readonly [key: string]: Schema }, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((key) => !optional.includes(key));
  return { type: "object", required, properties, additionalProperties: false };
}

const pictureBefore: Schema = {
  oneOf: [
    object({ photo: { const: "absent" } }),
    object({
      photo: { const: "present" },
      etag: nullableText,
      width: nullableCount,
      height: nullableCount,
      bytes: nullableCount,
      sha256: nullableSha256,
    }),
  ],
};
const crop: Schema = object({
  left: count,
  top: count,
  width: { type: "integer", minimum: 1 },
  height: { type: "integer", minimum: 1 },
});
const source: Schema = {
  oneOf: [
    object({ kind: { const: "master" }, file: text, crop }),
    object({
      kind: { const: "cloud-photo" },
      address: text,
      etag: nullableText,
      width: { type: "integer", minimum: 1 },
      height: { type: "integer", minimum: 1 },
    }),
    object({ kind: { const: "backup" } }),
  ],
};
const values: Schema = object(
  Object.fromEntries(PICTURE_PROPERTIES.map((name) => [name, nullableText])),
  PICTURE_PROPERTIES,
);
const wantedValues: Schema = object(
  Object.fromEntries(PICTURE_PROPERTIES.map((name) => [name, text])),
  PICTURE_PROPERTIES,
);
const precondition: Schema = {
  oneOf: [
    object({ kind: { const: "absent" } }),
    object({ kind: { const: "present" }, etag: nullableText, fingerprint: nullableSha256 }),
    object({ kind: { const: "properties" }, values }),
    object({ kind: { const: "none" } }),
  ],
};
const lastApplied: Schema = {
  oneOf: [
    { type: "null" },
    object({
      address: text,
      masterSha256: nullableSha256,
      action: text,
      at: time,
      etag: nullableText,
      readBackSha256: nullableSha256,
    }),
  ],
};
const user: Schema = {
  oneOf: [{ type: "null" }, object({ id: text, upn: text, displayName: text })],
};

function action(name: string, before: Schema, after: Schema): Schema {
  return object(
    {
      id: text,
      action: { const: name },
      address: { type: "string", pattern: "^(entra|exchange|sharepoint)/", maxLength: 4096 },
      user,
      because: { type: "string", enum: RULE_IDS },
      decidedBy: text,
      before,
      after,
      precondition,
      restores: object({ entry: count, lastApplied }),
    },
    ["decidedBy", "restores"],
  );
}

const absent: Schema = { const: "absent" };
const present: Schema = { const: "present" };
const ACTION: Schema = {
  oneOf: [
    action("upload-photo", pictureBefore, object({ photo: present, sourceSha256: sha256, source, maxBytes: count })),
    action("delete-photo", pictureBefore, object({ photo: absent })),
    action(
      "write-thumbnail",
      pictureBefore,
      object({ photo: present, sourceSha256: nullableSha256, source, side: count, folder: text, name: fileName }),
    ),
    action("delete-thumbnail", pictureBefore, object({ photo: absent, folder: text, name: fileName })),
    action("set-picture-properties", object({ properties: values }), object({ properties: wantedValues })),
  ],
};

const PLAN: Schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "photodrift plan",
  ...object({
    formatVersion: { type: "string", pattern: "^1\\.\\d+$" },
    planId: text,
    purpose: { type: "string", enum: ["apply", "undo"] },
    tenant: text,
    basedOn: object({ runId: text, observedAt: time }),
    expiresAt: time,
    rules: { type: "array", items: { type: "string", enum: RULE_IDS } },
    limits: object({
      maxChangePercent: { type: ["number", "null"], minimum: 0 },
      maxRemovals: nullableCount,
      maxChanges: nullableCount,
      changes: count,
      removals: count,
      usersChanged: count,
      usersInScope: count,
    }),
    complete: { type: "boolean" },
    applyable: { type: "boolean" },
    refusals: { type: "array", items: object({ code: text, message: text, cure: text }) },
    digest: sha256,
    signatures: { type: "array", items: sha256 },
    actions: { type: "array", items: ACTION },
  }),
};

/** JSON Schema of the plan file. */
export function planSchema(): Schema {
  return PLAN;
}

/** What is wrong with the members of a plan file, its actions apart. */
export function headProblems(members: Readonly<Record<string, unknown>>): readonly string[] {
  return problemsOf(PLAN, { ...members, actions: [] });
}

export function actionProblems(value: unknown): readonly string[] {
  return problemsOf(ACTION, value);
}
