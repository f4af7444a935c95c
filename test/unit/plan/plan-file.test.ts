import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Plan } from "../../../src/model/plan.js";
import type { PlanAction } from "../../../src/model/plan-action.js";
import { actionSortKey, assemblePlan, planSchema, planUser, verifyPlan } from "../../../src/plan/index.js";
import { checkUser } from "../../../src/compare/rules/index.js";
import { planDigest } from "../../../src/state/digest.js";
import { openState, type State } from "../../../src/state/index.js";
import { isProved, signPlan } from "../../../src/state/plan-keys.js";
import { readPlanFile, writePlanFile } from "../../../src/state/plan-file.js";
import { actionId } from "../../../src/plan/pictures.js";
import { anna } from "./people.js";

const NOW = Date.UTC(2026, 10, 23, 12);
const KEY = "a key of this state file";
let folder: string;
let state: State;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photodrift-plan-"));
  state = openState(join(folder, "state.db"), "contoso.com");
  state.db.pragma("synchronous = OFF");
});

afterEach(() => {
  state.close();
  rmSync(folder, { recursive: true, force: true });
});

function samplePlan(users = 3): Plan {
  const parts = { cloud: "absent", S: "other", M: "absent", L: "other", profile: { placeholderState: "1" } } as const;
  const template = anna(parts);
  const actions: readonly PlanAction[] = Array.from({ length: users }, (_, at) => {
    const found = planUser(template, checkUser(template));
    const name = `anna${String(at).padStart(5, "0")}@contoso.com`;
    return found.map((action): PlanAction => {
      const moved = JSON.stringify(action).replaceAll("anna@contoso.com", name);
      const made = JSON.parse(moved) as PlanAction;
      return { ...made, id: actionId(made.action, made.address) };
    });
  }).flat();
  const head = assemblePlan(
    {
      planId: "plan-7",
      purpose: "apply",
      tenant: "contoso.com",
      runId: "run-7",
      observedAt: new Date(NOW).toISOString(),
      complete: true,
      usersInScope: Math.max(100, users),
      maxChangePercent: 30,
      maxRemovals: 0,
      maxChanges: null,
      writesBlocked: null,
    },
    actions,
  );
  return { head, digest: planDigest(head, actions), actions: () => actions };
}

async function saved(plan: Plan): Promise<string> {
  const path = join(folder, "plan.json");
  await writePlanFile(path, plan, signPlan(plan, [KEY]));
  return path;
}

async function verify(path: string, part: Partial<{ tenant: string; now: number; lastOtherWrite: string }> = {}) {
  const { plan, foundDigest, signatures, counted } = await readPlanFile(path, state.plans);
  verifyPlan(plan.head, plan.digest, {
    tenant: "contoso.com",
    now: NOW,
    lastOtherWrite: null,
    proved: isProved(plan, signatures, ["another key", KEY]),
    counted,
    ...part,
    digest: foundDigest,
  });
  return plan;
}

function edit(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, "utf8")));
}

describe("plan file", () => {
  it("comes back as it was written, without image bytes, for its owner's eyes only", async () => {
    const plan = samplePlan();
    const path = await saved(plan);
    const back = await verify(path);
    expect(back.head).toEqual(plan.head);
    expect([...back.actions()]).toEqual([...plan.actions()]);
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(readFileSync(path, "utf8")).not.toMatch(/"(jpeg|bytes)":"/);
  });

  it("is JSON that says what the contract names", async () => {
    const plan = JSON.parse(readFileSync(await saved(samplePlan()), "utf8")) as Record<string, unknown>;
    expect(Object.keys(plan)).toEqual(
      expect.arrayContaining([
        "formatVersion",
        "planId",
        "tenant",
        "basedOn",
        "expiresAt",
        "actions",
        "limits",
        "complete",
        "applyable",
      ]),
    );
    for (const action of plan["actions"] as readonly object[]) {
      expect(Object.keys(action)).toEqual(
        expect.arrayContaining(["id", "action", "address", "user", "because", "before", "after", "precondition"]),
      );
    }
    expect(planSchema()).toMatchObject({ required: expect.arrayContaining(Object.keys(plan)) as unknown });
  });

  it("keeps a plan without actions", async () => {
    const head = assemblePlan(
      {
        ...({ planId: "p", purpose: "apply", tenant: "contoso.com", runId: "r" } as const),
        observedAt: new Date(NOW).toISOString(),
        complete: true,
        usersInScope: 0,
        maxChangePercent: 30,
        maxRemovals: 0,
        maxChanges: null,
        writesBlocked: null,
      },
      [],
    );
    const back = await verify(await saved({ head, digest: planDigest(head, []), actions: () => [] }));
    expect([...back.actions()]).toEqual([]);
  });

  it("may be laid out anew: the digest is over what it says", async () => {
    const path = await saved(samplePlan());
    edit(path, (text) => JSON.stringify(JSON.parse(text), null, 4));
    expect([...(await verify(path)).actions()]).toHaveLength(15);
    edit(path, (text) => JSON.stringify(JSON.parse(text)));
    expect([...(await verify(path)).actions()]).toHaveLength(15);
  });

  it.each([
    ["another user", (text: string) => text.replace("anna00001@contoso.com", "bert@contoso.com")],
    ["another picture", (text: string) => text.replace('"sourceSha256":"aaaa', '"sourceSha256":"bbbb')],
    ["a limit", (text: string) => text.replace('"maxRemovals":0', '"maxRemovals":9')],
    ["a later expiry", (text: string) => text.replace("2026-11-24T12", "2027-11-24T12")],
    ["an action less", (text: string) => text.replace(/\n {4}\{.*\},(?=\n)/, "")],
    [
      "the order",
      (text: string) => {
        const plan = JSON.parse(text) as { actions: unknown[] };
        return JSON.stringify({ ...plan, actions: plan.actions.reverse() });
      },
    ],
  ])("refuses a plan that was edited: %s", async (_, change) => {
    const path = await saved(samplePlan());
    edit(path, change);
    await expect(verify(path)).rejects.toMatchObject({ code: "plan-edited", errorClass: "refused" });
  });

  it("refuses another tenant's, an expired and an overtaken plan", async () => {
    const path = await saved(samplePlan());
    await expect(verify(path, { tenant: "fabrikam.com" })).rejects.toMatchObject({ code: "plan-other-tenant" });
    await expect(verify(path, { now: NOW + 24 * 3_600_000 })).rejects.toMatchObject({ code: "plan-expired" });
    await expect(verify(path, { lastOtherWrite: "2026-11-23T12:00:01.000Z" })).rejects.toMatchObject({
      code: "plan-overtaken",
    });
    await expect(
      verify(path, { tenant: "CONTOSO.com", lastOtherWrite: "2026-11-23T11:00:00.000Z" }),
    ).resolves.toBeDefined();
  });

  it.each([
    ["no JSON", () => "Dear all,"],
    ["nothing", () => ""],
    ["another JSON", () => '{"findings":[]}'],
    ["null", () => "null"],
    ["a cut file", (text: string) => text.slice(0, text.length / 2)],
    ["a file without its end", (text: string) => text.replace(/\n {2}\]\n\}\n$/, "")],
    ["an unknown member", (text: string) => text.replace('"maxBytes"', '"run":"rm -rf /","maxBytes"')],
    ["an unknown action", (text: string) => text.replace('"action":"upload-photo"', '"action":"delete-tenant"')],
    ["a way out of the folder", (text: string) => text.replace("anna_LThumb.jpg", "../../x_LThumb.jpg")],
    ["a list for text", (text: string) => text.replace('"planId": "plan-7"', '"planId": ["plan-7"]')],
  ])("says what is wrong with %s, instead of failing somewhere later", async (_, change) => {
    const path = await saved(samplePlan());
    edit(path, change);
    await expect(verify(path)).rejects.toMatchObject({ code: "plan-unreadable", errorClass: "usage" });
  });

  it("refuses a newer format", async () => {
    const path = await saved(samplePlan());
    edit(path, (text) => text.replace('"formatVersion": "1.0"', '"formatVersion": "2.0"'));
    await expect(verify(path)).rejects.toMatchObject({ code: "plan-version" });
    await expect(verify(join(folder, "missing.json"))).rejects.toMatchObject({ code: "plan-unreadable" });
  });

  it("survives any damage of its bytes with a plain refusal", async () => {
    const path = await saved(samplePlan(1));
    const text = readFileSync(path, "utf8");
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 3 }), async (at, junk) => {
        const damaged = text.slice(0, at) + junk + text.slice(at + junk.length);
        writeFileSync(path, damaged);
        const outcome = await verify(path).then(
          (plan) => [...plan.actions()].length,
          (error: unknown) => error,
        );
        if (typeof outcome === "number") expect(JSON.parse(damaged)).toEqual(JSON.parse(text));
        else expect(outcome).toMatchObject({ name: "PhotodriftError" });
      }),
      { numRuns: 60 },
    );
  });

  it("streams: a plan of many users is read in the order of the file", async () => {
    const plan = samplePlan(800);
    const back = await verify(await saved(plan));
    const keys = [...back.actions()].map(actionSortKey);
    expect(keys).toHaveLength(4_000);
    expect(keys).toEqual([...keys].sort());
  });
});
