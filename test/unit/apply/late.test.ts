import { describe, expect, it } from "vitest";
import { PhotodriftError } from "../../../src/model/errors.js";
import type { ApplyPorts } from "../../../src/run/apply.js";
import { recoverOpenIntents } from "../../../src/run/recovery.js";
import { planOf } from "../../support/tenant/audited.js";
import { FakeTenant, urlOf } from "../../support/tenant/fake-tenant.js";
import { ownRigs, undoPlanOf, type Rig } from "./rig.js";

const UPN = "anna@contoso.com";
const KINDS = ["upload", "putThumbnail", "setProperty"] as const;
type Kind = (typeof KINDS)[number];

const openRig = ownRigs();
let rig: Rig;

/**
 * A service that takes its time: writes of that kind show only once `arrive` is called. A gateway in between may give up on them meanwhile
 * (504; learn.microsoft.com/graph/errors), which says nothing of what becomes of them.
 */
function delay(ports: ApplyPorts, kind: Kind, answer: "taken" | "lost"): { readonly arrive: () => Promise<void> } {
  const { cloudWriter, sharePointWriter } = {
    cloudWriter: { ...ports.cloudWriter },
    sharePointWriter: { ...ports.sharePointWriter },
  };
  const late: (() => Promise<unknown>)[] = [];
  const lost = new PhotodriftError("outcome-unknown", "504", "later", "incomplete");
  const taking = <T>(work: () => Promise<unknown>, answered: T): T => {
    late.push(work);
    if (answer === "lost") throw lost;
    return answered;
  };
  if (kind === "upload") {
    ports.cloudWriter.upload = async (requests) => {
      late.push(() => cloudWriter.upload(requests));
      const error = answer === "lost" ? { code: lost.code, message: lost.message, hint: lost.hint } : null;
      return requests.map(() => ({ error, retryable: error !== null }));
    };
  } else if (kind === "putThumbnail") {
    ports.sharePointWriter.putThumbnail = async (...call) =>
      taking(() => sharePointWriter.putThumbnail(...call), { etag: '"late"' });
  } else {
    ports.sharePointWriter.setProperty = async (...call) => {
      taking(() => sharePointWriter.setProperty(...call), undefined);
    };
  }
  return {
    async arrive() {
      for (const work of late) await work();
    },
  };
}

/** Undoes the first run, by services that answer at once: the tenant is as it was. */
async function expectTakenBack(tenant: FakeTenant, before: string): Promise<void> {
  const undo = undoPlanOf(rig, "run-1");
  expect(undo.impossible).toEqual([]);
  Object.assign(rig.ports, tenant.ports());
  rig.begin("run-2", "undo");
  expect(await rig.apply(undo.plan, "run-2")).toMatchObject({ exitCode: 0 });
  expect(tenant.snapshot()).toBe(before);
}

describe("a write that arrives after the run has ended", () => {
  const rows = KINDS.flatMap((kind) =>
    (["taken", "lost"] as const).flatMap((answer) =>
      (["replaced", "new"] as const).map((was) => [kind, answer, was] as const),
    ),
  );

  it.each(rows)("%s, answer %s, %s: is known as ours, and an undo takes it back", async (kind, answer, was) => {
    const tenant = new FakeTenant();
    const anna = tenant.add(UPN, { master: "anna" });
    if (was === "replaced") {
      anna.cloud = tenant.photo("old");
      for (const [size, side] of [
        ["S", 48],
        ["M", 72],
        ["L", 200],
      ] as const)
        anna.files[size] = tenant.file("old", side);
      anna.profile.PictureURL = urlOf(UPN).replace(":443", "");
      anna.profile["SPS-PicturePlaceholderState"] = "1";
    }
    rig = openRig(tenant);
    const before = tenant.snapshot();
    const plan = await planOf(tenant, rig.state);
    const service = delay(rig.ports, kind, answer);
    rig.begin("run-1");
    const result = await rig.apply(plan, "run-1");
    expect(result.exitCode).toBe(4);
    await service.arrive();

    await recoverOpenIntents(rig.ports);
    expect(rig.state.journal.open()).toEqual([]);
    // One outcome a write, and it says what is known by now.
    const outcomes = [...rig.state.records.outcomes("run-1")];
    expect(new Set(outcomes.map(({ actionId }) => actionId)).size).toBe(outcomes.length);
    expect(outcomes.filter((one) => one.kind === "failed")).toEqual([]);
    await expectTakenBack(tenant, before);
  });

  it.each(rows.filter(([, answer]) => answer === "taken"))(
    "%s, answer %s, %s: a look before it shows forgets nothing, and an undo says so",
    async (kind, answer, was) => {
      const tenant = new FakeTenant();
      const anna = tenant.add(UPN, { master: "anna" });
      if (was === "replaced") {
        anna.cloud = tenant.photo("old");
        anna.files.L = tenant.file("old", 200);
      }
      rig = openRig(tenant);
      const before = tenant.snapshot();
      const plan = await planOf(tenant, rig.state);
      const service = delay(rig.ports, kind, answer);
      rig.begin("run-1");
      await rig.apply(plan, "run-1");
      const open = rig.state.journal.open().length;
      expect(open).toBeGreaterThan(0);

      // Nothing is written twice, and nothing is settled, while the service may still be at it (facts/graph-entra-exchange.md 2.1).
      expect(await recoverOpenIntents(rig.ports)).toMatchObject({ notWritten: 0, open });
      const early = undoPlanOf(rig, "run-1");
      expect(early.impossible).toHaveLength(open);

      await service.arrive();
      expect(await recoverOpenIntents(rig.ports)).toMatchObject({ applied: open, open: 0 });
      await expectTakenBack(tenant, before);
    },
  );

  it.each(KINDS)("%s: counts as never written when it has not shown for an hour", async (kind) => {
    const tenant = new FakeTenant();
    tenant.add(UPN, { master: "anna" });
    rig = openRig(tenant);
    const plan = await planOf(tenant, rig.state);
    delay(rig.ports, kind, "taken");
    rig.begin("run-1");
    await rig.apply(plan, "run-1");
    const open = rig.state.journal.open().length;
    const later = rig.ports.clock.now() + 3_600_000;
    expect(await recoverOpenIntents({ ...rig.ports, clock: { now: () => later } })).toMatchObject({
      notWritten: open,
      open: 0,
    });
  });

  it("is known as ours where SharePoint spells its PictureURL in another way, and an undo takes it back", async () => {
    const tenant = new FakeTenant();
    const anna = tenant.add(UPN, { master: "anna" });
    rig = openRig(tenant);
    const before = tenant.snapshot();
    const plan = await planOf(tenant, rig.state);
    const service = delay(rig.ports, "setProperty", "taken");
    rig.begin("run-1");
    await rig.apply(plan, "run-1");
    await service.arrive();
    const sent = anna.profile.PictureURL;
    anna.profile.PictureURL = sent.replace(":443", "");
    expect(anna.profile.PictureURL).not.toBe(sent);

    await recoverOpenIntents(rig.ports);
    const undo = undoPlanOf(rig, "run-1");
    Object.assign(rig.ports, tenant.ports());
    rig.begin("run-2", "undo");
    expect(await rig.apply(undo.plan, "run-2")).toMatchObject({ exitCode: 0 });
    expect(tenant.snapshot()).toBe(before);
  });
});
