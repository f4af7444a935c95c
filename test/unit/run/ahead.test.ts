import { afterEach, describe, expect, it } from "vitest";
import { createAhead, watchChanges } from "../../../src/run/ahead.js";
import { createJudge } from "../../../src/run/judge.js";
import { createRereading } from "../../../src/run/reread-masters.js";
import { buildRoster } from "../../../src/run/roster.js";
import { othersTurn } from "../../../src/model/turns.js";
import type { AuditListener } from "../../../src/run/audited.js";
import type { AuditPorts, AuditSettings } from "../../../src/run/settings.js";
import { POLICY } from "../../support/compared-user.js";
import { SETTINGS } from "../../support/tenant/settings.js";
import { at, CHANGES, people } from "./changes.js";
import { openBench, type Bench, type World } from "./world.js";

const benches: Bench[] = [];
afterEach(() => benches.splice(0).forEach((bench) => bench.close()));

/** Turns that an answer takes: everybody is judged before it is there. */
const SLOW = 60;

/** An audit that hears of every user judges nobody ahead. */
const LISTENER: AuditListener = { user: () => undefined, orphan: () => undefined };

/** Users judged before the first answer of a store, and after it. */
interface Judged {
  before: number;
  after: number;
}

/** A tenant whose first audit is over, and whose stores answer slowly from then on. */
async function audited(fill: (world: World) => void): Promise<{ readonly bench: Bench; readonly judged: Judged }> {
  const bench = openBench();
  benches.push(bench);
  fill(bench.world);
  await bench.run();
  const judged: Judged = { before: 0, after: 0 };
  let answered = false;
  const made = bench.world.ports.bind(bench.world);
  bench.world.ports = (state) => {
    const ports: AuditPorts = made(state);
    const slowly = async <T>(answer: () => Promise<T>): Promise<T> => {
      for (let turn = 0; turn < SLOW; turn++) await othersTurn();
      answered = true;
      return answer();
    };
    return {
      ...ports,
      records: {
        ...ports.records,
        decisionsOf(userId) {
          judged[answered ? "after" : "before"]++;
          return ports.records.decisionsOf(userId);
        },
      },
      cloudPhotos: {
        ...ports.cloudPhotos,
        metadata: (users) => slowly(() => ports.cloudPhotos.metadata(users)),
        renditions: (requests) => slowly(() => ports.cloudPhotos.renditions(requests)),
      },
      sharePoint: { ...ports.sharePoint, profiles: (users) => slowly(() => ports.sharePoint.profiles(users)) },
    };
  };
  return { bench, judged };
}

async function secondRun(
  fill: (world: World) => void,
  change: (world: World) => void,
  settings: Partial<AuditSettings>,
  listener?: AuditListener,
) {
  const { bench, judged } = await audited(fill);
  change(bench.world);
  const { summary, complete, head } = await bench.run(settings, listener);
  const findings = [...bench.state.records.findings("run-2")];
  return { told: JSON.stringify({ findings, summary, complete, verdict: head.verdict }, null, 1), judged, findings };
}

describe("users judged while the stores are waited for", () => {
  it("are judged once where nothing changed", async () => {
    const { judged, told } = await secondRun(people, () => undefined, {});
    expect(judged).toEqual({ before: 10, after: 0 });
    const { judged: behind, told: otherwise } = await secondRun(people, () => undefined, {}, LISTENER);
    expect(behind).toEqual({ before: 0, after: 10 });
    expect(told).toBe(otherwise);
  });

  it.each(Object.keys(CHANGES))("%s: found as if everybody had been judged afterwards", async (name) => {
    const change = CHANGES[name]!;
    const ahead = await secondRun(people, change, {});
    const behind = await secondRun(people, change, {}, LISTENER);
    expect(ahead.told).toBe(behind.told);
    const unchanged = await secondRun(people, () => undefined, {}, LISTENER);
    // Otherwise this row would tell nothing.
    if (name !== "a new etag over the same picture") expect(behind.told).not.toBe(unchanged.told);
  });

  it.each<[string, Partial<AuditSettings>]>([
    ["one store", { stores: ["exchange"] }],
    ["SharePoint alone", { stores: ["sharepoint"] }],
    ["one rule", { rules: ["wrong-person"] }],
    ["everything anew", { full: true }],
    ["some users", { users: [at("carl"), at("dora")] }],
  ])("%s: the same", async (_, settings) => {
    const ahead = await secondRun(people, CHANGES["a photo of somebody else"]!, settings);
    const behind = await secondRun(people, CHANGES["a photo of somebody else"]!, settings, LISTENER);
    expect(ahead.told).toBe(behind.told);
  });

  it("a change of one user leaves what was said of the others", async () => {
    const { judged } = await secondRun(people, CHANGES["a new etag over the same picture"]!, {});
    expect(judged.before).toBe(10);
    // Ida, and who shows what nobody's master shows: Carl and Emil, for others could show it now, and Fay.
    expect(judged.after).toBeGreaterThan(0);
    expect(judged.after).toBeLessThan(5);
  });

  it("more changes than are remembered count as changes of everybody", async () => {
    const { bench } = await audited(people);
    const { records, changes } = watchChanges(bench.state.records);
    const [user] = records.users();
    const change = (from: number, to: number) =>
      records.transaction(() => {
        for (let i = from; i < to; i++)
          records.saveLibraryReading(`file ${String(i)}`, { signatureSha: null, error: null });
      });
    change(0, 10_000);
    const time = changes.now();
    expect([changes.count(), changes.changedSince(user!.id, 0), changes.anythingSince(time)]).toEqual([
      10_000,
      false,
      false,
    ]);
    change(10_000, 10_002);
    expect(changes.count()).toBe(Infinity);
    for (const since of [0, time, changes.now()]) {
      expect([changes.changedSince(user!.id, since), changes.anythingSince(since)]).toEqual([true, true]);
    }
  });

  it("what is recorded of a master may concern everybody", async () => {
    const { bench } = await audited(people);
    const [user] = [...bench.state.records.users()];
    const { records, changes } = watchChanges(bench.state.records);
    const time = changes.now();
    records.saveMaster("run-1", { ...bench.state.records.master(`${at("hal")}.jpg`)!, mtimeMs: 0 });
    expect([changes.changedSince(user!.id, time), changes.anythingSince(time)]).toEqual([true, true]);
    expect(changes.changedSince(user!.id, changes.now())).toBe(false);
  });

  it.each([
    { changed: 0, judged: 3 },
    { changed: 201, judged: 0 },
  ])("$changed changes of three users: $judged are judged ahead", async ({ changed, judged }) => {
    const { bench } = await audited(people);
    const ports = bench.world.ports(bench.state);
    const users = [...ports.records.users()].slice(0, 3);
    const roster = await buildRoster(
      ports,
      { ...SETTINGS, users: users.map(({ upn }) => upn) },
      await ports.source.scan(),
    );
    const rereading = createRereading(ports, SETTINGS, "run-1", await ports.source.scan());
    const judge = createJudge(ports.images, ports.records, (file) => file, roster.masters, rereading);
    const { changes } = watchChanges(ports.records);
    const mastersRead = roster.settle();
    const ahead = createAhead(
      { ports, settings: SETTINGS, roster, judge, mastersRead, cloudObserved: true, policy: POLICY },
      { ...changes, count: () => changed },
    );
    ahead.begin(null);
    for (let turn = 0; turn < SLOW; turn++) await othersTurn();
    await ahead.end();
    const taken = users.map((user) => ahead.take(user, { places: null, cloudObserved: true }));
    expect(taken.filter((findings) => findings !== null)).toHaveLength(judged);
    expect(users.map((user) => ahead.take(user, { places: null, cloudObserved: true }))).toEqual([null, null, null]);
  });
});
