import { beforeEach, describe, expect, it } from "vitest";
import { PhotodriftError } from "../../../src/model/errors.js";
import type { PlanAction } from "../../../src/model/plan-action.js";
import { recoverOpenIntents } from "../../../src/run/recovery.js";
import { planOf } from "../../support/tenant/audited.js";
import { picture, sha256, showsOf } from "../../support/tenant/pictures.js";
import { FakeTenant, urlOf, type FakePerson } from "../../support/tenant/fake-tenant.js";
import { ownRigs, type Rig } from "./rig.js";

const UPN = "anna@contoso.com";
const openRig = ownRigs();
let rig: Rig;
let tenant: FakeTenant;
let anna: FakePerson;

beforeEach(() => {
  tenant = new FakeTenant();
  anna = tenant.add(UPN, { master: "anna", cloud: tenant.photo("old"), profile: { PictureURL: urlOf(UPN) } });
  anna.files.L = tenant.file("old", 200);
  rig = openRig(tenant);
  rig.begin("run-1");
});

/** Journals the intent of the plan's action at an address, as a run does that dies right after. */
async function diedBefore(address: string): Promise<PlanAction> {
  const action = [...(await planOf(tenant, rig.state)).actions()].find((one) => one.address.endsWith(address));
  if (action === undefined) throw new Error(`nothing planned at ${address}`);
  const properties = action.action === "set-picture-properties";
  const size = action.address.endsWith("LThumb") ? 200 : 648;
  const former = action.address.endsWith("LThumb") ? anna.files.L : anna.cloud;
  await rig.state.journal.intend([
    {
      runId: "run-1",
      planId: "plan-1",
      action,
      before: properties
        ? { kind: "properties", values: { PictureURL: anna.profile.PictureURL, "SPS-PictureTimestamp": "" } }
        : { kind: "picture", exists: true, etag: former?.etag ?? null, backupSha256: null, lastApplied: null },
      sentSha256: properties ? null : sha256(picture("anna", size)),
      at: "2026-11-23T12:00:00.000Z",
    },
  ]);
  return action;
}

function settled() {
  return [...rig.state.journal.entriesOf("run-1")].map(({ settlement }) => settlement?.kind ?? "open");
}

describe("recovery of writes that were cut off", () => {
  it("an upload that arrived is applied, and is our own write from then on", async () => {
    await diedBefore("exchange/anna@contoso.com");
    anna.cloud = tenant.photo("anna");
    expect(await recoverOpenIntents(rig.ports)).toEqual({ applied: 1, notWritten: 0, stale: 0, open: 0 });
    expect(rig.state.records.lastApplied(anna.user.id, "exchange")?.etag).toBe(anna.cloud.etag);
    expect([...rig.state.records.outcomes("run-1")]).toMatchObject([{ kind: "applied" }]);
    expect(tenant.writes).toEqual([]);
  });

  it("one that never arrived is left to the plan", async () => {
    await diedBefore("exchange/anna@contoso.com");
    await diedBefore("LThumb");
    expect(await recoverOpenIntents(rig.ports)).toMatchObject({ notWritten: 2 });
    expect(settled()).toEqual(["failed", "failed"]);
    expect(tenant.writes).toEqual([]);
  });

  it("what somebody else put there meanwhile is left alone", async () => {
    await diedBefore("exchange/anna@contoso.com");
    await diedBefore("LThumb");
    anna.cloud = tenant.photo("holiday");
    anna.files.L = tenant.file("holiday", 200);
    expect(await recoverOpenIntents(rig.ports)).toMatchObject({ stale: 2 });
    expect(showsOf(anna.cloud.bytes)).toBe("holiday");
  });

  it("a thumbnail that arrived is known by its bytes", async () => {
    await diedBefore("LThumb");
    anna.files.L = tenant.file("anna", 200);
    expect(await recoverOpenIntents(rig.ports)).toMatchObject({ applied: 1 });
  });

  it("properties that arrived in part are applied as far as they did, so that an undo takes them back", async () => {
    const action = await diedBefore("/profile");
    if (action.action !== "set-picture-properties") throw new Error("not that action");
    anna.profile["SPS-PictureTimestamp"] = action.after.properties["SPS-PictureTimestamp"] ?? "";
    expect(await recoverOpenIntents(rig.ports)).toMatchObject({ applied: 1 });
    const [entry] = rig.state.journal.entriesOf("run-1");
    expect(Object.keys((entry?.settlement?.after as { values: object } | null)?.values ?? {})).toEqual([
      "SPS-PictureTimestamp",
    ]);
  });

  it("what cannot be looked at stays open for the next run", async () => {
    await diedBefore("exchange/anna@contoso.com");
    rig.ports.cloudReader.metadata = async () => {
      throw new PhotodriftError("service-unavailable", "down", "later", "incomplete");
    };
    expect(await recoverOpenIntents(rig.ports)).toMatchObject({ open: 1 });
    expect(rig.state.journal.open()).toHaveLength(1);
  });
});

describe("apply without a journal", () => {
  it("writes nothing", async () => {
    const plan = await planOf(tenant, rig.state);
    rig.state.db.exec("CREATE TRIGGER full BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'disk is full'); END");
    const failed = await rig.apply(plan, "run-1").then(
      ({ exitCode }) => exitCode,
      (error: unknown) => (error as { code?: string }).code,
    );
    expect([4, "journal-failed"]).toContain(failed);
    expect(tenant.writes).toEqual([]);
  });
});
