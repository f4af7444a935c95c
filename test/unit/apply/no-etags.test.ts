import { beforeEach, describe, expect, it } from "vitest";
import { planOf } from "../../support/tenant/audited.js";
import { FakeTenant } from "../../support/tenant/fake-tenant.js";
import { ownRigs, type Rig } from "./rig.js";

/**
 * `@odata.mediaEtag` is not promised: the documented answer for a missing size has it empty (learn.microsoft.com/graph/api/profilephoto-get), and when it
 * changes is not established (facts/graph-entra-exchange.md 1.3). Without it the bytes tell whether a write has arrived.
 */
const UPN = "anna@contoso.com";

const openRig = ownRigs();
let rig: Rig;
let waits: number[];

beforeEach(() => {
  waits = [];
});

/** @param lag looks that still show the former photo after the write */
async function applied(before: string | null, lag: number) {
  const tenant = new FakeTenant();
  const cloud = before === null ? null : tenant.photo(before);
  tenant.add(UPN, { master: "anna", cloud, sharePoint: false });
  rig = openRig(tenant);
  const reader = { ...rig.ports.cloudReader };
  rig.ports.cloudReader.metadata = async (users) =>
    (await reader.metadata(users)).map((reading) =>
      reading.result.kind === "present" ? { ...reading, result: { ...reading.result, etag: null } } : reading,
    );
  rig.ports.sleep = async (milliseconds) => {
    waits.push(milliseconds);
  };
  const plan = await planOf(tenant, rig.state);
  tenant.lag = lag;
  rig.begin("run-1");
  const { counts } = await rig.apply(plan, "run-1");
  return { counts, writes: tenant.writes.length };
}

describe("a service that gives photos no etag", () => {
  it.each([
    { before: "old", lag: 0, looks: 1 },
    { before: "old", lag: 4, looks: 3 },
    { before: null, lag: 0, looks: 1 },
    { before: null, lag: 2, looks: 3 },
  ])("shows $before for $lag looks: the write is confirmed at look $looks", async ({ before, lag, looks }) => {
    expect(await applied(before, lag)).toMatchObject({ counts: { applied: 1 }, writes: 1 });
    expect(waits).toHaveLength(looks - 1);
  });
});
