import fc from "fast-check";
import { AUTHORITIES, SHAREPOINT_FIXES, type Authority } from "../../../../src/model/config.js";
import type { Plan, PlanHead } from "../../../../src/model/plan.js";
import { planActionSchema, type PlanAction } from "../../../../src/model/plan-action.js";
import { ACTION_KINDS, RULE_IDS } from "../../../../src/model/rule.js";
import { actionSortKey, assemblePlan, boundsProblem } from "../../../../src/plan/index.js";
import { actionId } from "../../../../src/plan/pictures.js";
import { planDigest } from "../../../../src/state/digest.js";
import { FOLDER, masterSha, stemOf, urlOf, type FakeTenant } from "../../../support/tenant/fake-tenant.js";
import { NOW } from "../../../support/tenant/audited.js";
import { CROP } from "../../../support/tenant/pictures.js";
import { HONEST, type Choice } from "./world.js";

/** How one plan file is made: which true actions it begins with, what is invented, what is changed, what is made right again. */
export interface Recipe {
  readonly base: readonly number[];
  readonly invented: readonly Invented[];
  readonly changes: readonly { readonly action: number; readonly member: number; readonly value: number }[];
  /** Ids, order, counts and preconditions are made to fit what the plan says after the changes. */
  readonly aligned: boolean;
  readonly named: readonly (typeof RULE_IDS)[number][];
  readonly usersInScope: number;
  readonly planId: string;
  readonly purpose: "apply" | "undo";
  readonly tenant: string;
  readonly authority: Authority;
  /** The plan that an audit of this state file made, to the letter; null: a forged one. */
  readonly honest: number | null;
  /** Damage to the text, or null. */
  readonly junk: { readonly at: number; readonly text: string } | null;
}

interface Invented {
  readonly kind: (typeof ACTION_KINDS)[number];
  readonly user: number;
  /** Whose file, folder and picture. */
  readonly other: number;
  readonly rule: (typeof RULE_IDS)[number];
  readonly size: "S" | "M" | "L";
  readonly orphan: boolean;
}

const AUTOMATIC = [
  "missing-photo",
  "missing-thumbnail",
  "stale-photo",
  "low-resolution",
  "profile-property-mismatch",
] as const;

const many = { minLength: 0, maxLength: 24 };
const nat = fc.nat(1_000_000);

export const recipes: fc.Arbitrary<Recipe> = fc.record({
  base: fc.array(nat, many),
  invented: fc.array(
    fc.record({
      kind: fc.constantFrom(...ACTION_KINDS),
      user: nat,
      other: nat,
      rule: fc.oneof(
        fc.constantFrom(...AUTOMATIC, "consent-withdrawn" as const, "stores-disagree" as const),
        fc.constantFrom(...RULE_IDS),
      ),
      size: fc.constantFrom("S", "M", "L"),
      orphan: fc.boolean(),
    }),
    { maxLength: 6 },
  ),
  changes: fc.array(fc.record({ action: nat, member: nat, value: nat }), { maxLength: 4 }),
  aligned: fc.constantFrom(true, true, true, true, false),
  named: fc.subarray([...RULE_IDS], { maxLength: 6 }),
  usersInScope: fc.constantFrom(1, 17, 17, 17, 1_000_000, 1_000_000),
  planId: fc.constantFrom("plan-fuzz", "honest-0", "honest-1"),
  purpose: fc.oneof(
    { weight: 30, arbitrary: fc.constant("apply" as const) },
    { weight: 1, arbitrary: fc.constant("undo" as const) },
  ),
  tenant: fc.oneof(
    { weight: 30, arbitrary: fc.constant("contoso.com") },
    { weight: 1, arbitrary: fc.constant("fabrikam.com") },
  ),
  authority: fc.constantFrom(...AUTHORITIES),
  honest: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat(HONEST.length - 1) }),
  junk: fc.oneof(
    { weight: 15, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.record({ at: nat, text: fc.string({ minLength: 1, maxLength: 3 }) }) },
  ),
});

export const choices: fc.Arbitrary<Choice> = fc.record({
  maxChangePercent: fc.constantFrom(10, 30, 100, 100, 100, 100, 100),
  maxRemovals: fc.constantFrom(0, 1, 50, 50),
  autoApply: fc.oneof(
    { weight: 4, arbitrary: fc.constant(AUTOMATIC) },
    { weight: 2, arbitrary: fc.constant(RULE_IDS) },
    { weight: 1, arbitrary: fc.subarray([...RULE_IDS]) },
  ),
  authority: fc.constantFrom("source", "source", "source", ...AUTHORITIES),
  fix: fc.constantFrom("direct", "direct", "direct", "direct", ...SHAREPOINT_FIXES),
  sharePoint: fc.constantFrom(true, true, true, true, true, false),
  cloud: fc.constantFrom(true, true, true, true, true, false),
  exclude: fc.constantFrom(["svc-*"], ["svc-*", "bert*"], []),
  largeSide: fc.constantFrom(200, 200, 300),
  minimumPixels: fc.constantFrom(240, 240, 240, 1_000),
  consent: fc.constantFrom(["nein"], ["nein", "bert"], []),
  pins: fc.constantFrom(["pinned"], ["pinned", "anna", "dora"], []),
  blank: fc.constantFrom(false, false, true),
});

/** A plan file's text, signed by `sign`; `pool` are actions that audits really planned. */
export function planText(
  recipe: Recipe,
  tenant: FakeTenant,
  pool: readonly PlanAction[],
  sign: (plan: Plan) => readonly string[],
): string {
  const values = valuesOf(tenant, pool);
  const users = [...tenant.people.values()];
  const begun: unknown[] = [
    ...[...new Set(recipe.base.map((at) => at % pool.length))].map((at) => pool[at]),
    ...recipe.invented.map((one) => inventedAction(one, tenant, users)),
  ];
  for (const { action, member, value } of recipe.changes) {
    if (begun.length === 0) break;
    const at = action % begun.length;
    const paths = pathsOf(begun[at]);
    const path = paths[member % paths.length] ?? [];
    const was = typeof valueAt(begun[at], path);
    const fitting = value % 8 === 0 ? values : values.filter((one) => typeof one === was);
    begun[at] = changed(begun[at], path, fitting[value % fitting.length]);
  }
  const actions = recipe.aligned ? aligned(begun, tenant) : (begun as PlanAction[]);
  const head = assembled(recipe, actions);
  const plan: Plan = { head, digest: planDigest(head, actions), actions: () => actions };
  const text = JSON.stringify({ ...head, digest: plan.digest, signatures: sign(plan), actions });
  const { junk } = recipe;
  if (junk === null) return text;
  const at = junk.at % text.length;
  return text.slice(0, at) + junk.text + text.slice(at + junk.text.length);
}

/** The head with right counts; none are to be had of what is no action. */
function assembled(recipe: Recipe, actions: readonly PlanAction[]): PlanHead {
  const basis = {
    planId: recipe.planId,
    purpose: recipe.purpose,
    tenant: recipe.tenant,
    authority: recipe.authority,
    runId: "audit-1",
    observedAt: new Date(NOW).toISOString(),
    complete: true,
    rules: recipe.named,
    usersInScope: recipe.usersInScope,
    maxChangePercent: null,
    maxRemovals: null,
    maxChanges: null,
    writesBlocked: null,
  } as const;
  try {
    return assemblePlan(basis, actions);
  } catch {
    return assemblePlan(basis, []);
  }
}

/** An action that no audit planned: any user, another one's file and picture, any rule. */
function inventedAction(
  one: Invented,
  tenant: FakeTenant,
  users: readonly { readonly user: { upn: string; id: string } }[],
) {
  const { user } = users[one.user % users.length] ?? { user: { upn: "", id: "" } };
  const other = users[one.other % users.length]?.user ?? user;
  const { kind, size } = one;
  const whose = one.other % 3 === 0 ? other : user;
  const file = { folder: FOLDER, name: `${stemOf(whose.upn)}_${size}Thumb.jpg` };
  const photo = tenant.person(user.upn).master ?? "anna";
  const source = {
    kind: "master",
    file: `${one.other % 4 === 0 ? other.upn.replace(/@.*/, "") : photo}.jpg`,
    crop: CROP,
  };
  const sourceSha256 = masterSha(source.file.replace(/\.jpg$/, ""));
  const owner = { id: user.id, upn: user.upn, displayName: user.upn };
  const before = { photo: "absent" };
  const common = { id: "", user: owner, because: one.rule, precondition: { kind: "absent" }, before };
  switch (kind) {
    case "upload-photo":
      return {
        ...common,
        action: kind,
        address: `exchange/${user.upn}`,
        after: { photo: "present", sourceSha256, source, maxBytes: 120_000 },
      };
    case "delete-photo":
      return { ...common, action: kind, address: `exchange/${user.upn}`, after: { photo: "absent" } };
    case "write-thumbnail":
      return {
        ...common,
        action: kind,
        address: `sharepoint/${user.upn}/${size}Thumb`,
        after: { photo: "present", sourceSha256, source, side: { S: 48, M: 72, L: 200 }[size], ...file },
      };
    case "delete-thumbnail":
      return {
        ...common,
        action: kind,
        ...(one.orphan ? { user: null, because: "orphan-thumbnail" } : {}),
        address: `sharepoint/${one.orphan ? stemOf(whose.upn) : user.upn}/${size}Thumb`,
        after: { photo: "absent", ...file },
      };
    case "set-picture-properties": {
      const show = one.other % 2 === 0;
      return {
        ...common,
        action: kind,
        address: `sharepoint/${user.upn}/profile`,
        before: { properties: {} },
        precondition: { kind: "properties", values: {} },
        after: {
          properties: {
            PictureURL: show ? urlOf(whose.upn) : "",
            "SPS-PicturePlaceholderState": show ? "0" : "1",
            "SPS-PictureTimestamp": "63799442437",
          },
        },
      };
    }
  }
}

/** Ids, preconditions and order as a careful forger would leave them; what would get the whole file refused is left out. */
function aligned(values: readonly unknown[], tenant: FakeTenant): PlanAction[] {
  const keys = new Map<string, PlanAction>();
  for (const value of values) {
    const read = planActionSchema.safeParse(value);
    if (!read.success) continue;
    const action = read.data;
    const place =
      action.user === null && action.action === "delete-thumbnail"
        ? `${action.address} ${action.after.folder}/${action.after.name}`
        : action.address;
    const made = { ...action, id: actionId(action.action, place), precondition: nowAt(action, tenant) } as PlanAction;
    if (boundsProblem(made) === null) keys.set(`${actionSortKey(made)}\u0001${made.id}`, made);
  }
  return [...keys].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))).map(([, action]) => action);
}

function nowAt(action: PlanAction, tenant: FakeTenant): unknown {
  if (action.action === "set-picture-properties") return { kind: "properties", values: {} };
  const standing =
    "name" in action.after
      ? (tenant.libraryFiles().find(({ name }) => name === (action.after as { name: string }).name) ?? null)
      : (tenant.people.get(action.user?.upn ?? "")?.cloud ?? null);
  return standing === null ? { kind: "absent" } : { kind: "present", etag: standing.etag, fingerprint: null };
}

/** Every text, number and truth value of the world and of hostile minds. */
function valuesOf(tenant: FakeTenant, pool: readonly PlanAction[]): readonly unknown[] {
  const texts = new Set<unknown>(pool.flatMap((action) => pathsOf(action).map((path) => valueAt(action, path))));
  for (const { user } of tenant.people.values()) {
    texts.add(user.upn).add(user.id).add(`exchange/${user.upn}`).add(`sharepoint/${user.upn}/profile`);
    for (const size of ["S", "M", "L"]) texts.add(`${stemOf(user.upn)}_${size}Thumb.jpg`);
    texts
      .add(`${user.upn.replace(/@.*/, "")}.jpg`)
      .add(urlOf(user.upn))
      .add(stemOf(user.upn));
  }
  const hostile = ["..", "/SitePages", "/User Photos/Profilbilder/..", "%2e%2e", "/etc/passwd", "", "0", "1", "none"];
  return [...texts, ...hostile, "https://evil.example/x_MThumb.jpg", "backup", 0, 1, -1, 4_000, 1e9, null, true, false];
}

function pathsOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, member]) => pathsOf(member, [...path, key]));
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((found, key) => (found as Record<string, unknown>)[key], value);
}

function changed(value: unknown, [key, ...rest]: readonly string[], put: unknown): unknown {
  if (key === undefined) return put;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, name === key ? changed(member, rest, put) : member]),
  );
}
