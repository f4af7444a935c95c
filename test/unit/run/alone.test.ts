import { afterEach, describe, expect, it } from "vitest";
import type { AuditListener } from "../../../src/run/audited.js";
import type { AuditSettings } from "../../../src/run/settings.js";
import { at, CHANGES, people } from "./changes.js";
import { openBench, type Bench, type World } from "./world.js";

const benches: Bench[] = [];
afterEach(() => benches.splice(0).forEach((bench) => bench.close()));

/** A tenant whose first audit is over, and in which something has happened since. */
async function changed(change: (world: World) => void): Promise<Bench> {
  const bench = openBench();
  benches.push(bench);
  people(bench.world);
  await bench.run();
  change(bench.world);
  bench.world.forget();
  bench.world.read.length = 0;
  return bench;
}

/** All that a run over one user finds and knows of the user, or how it ends. */
async function toldOf(bench: Bench, upn: string, settings: Partial<AuditSettings>): Promise<unknown> {
  const told: unknown[] = [];
  const listener: AuditListener = {
    user: (joined, found) => void told.push({ joined, found }),
    orphan: () => undefined,
  };
  try {
    await bench.run({ ...settings, users: [upn] }, listener);
  } catch (error) {
    told.push(String(error));
  }
  return told;
}

const NOTHING = () => undefined;

/** Other people's masters are no matter of this user's: what such a run says of them is what the last one knew. */
const OF_OTHERS: Readonly<Record<string, string>> = { "another master": at("hal"), "a master less": at("ida") };

describe("one user, with everybody else as the last run found them", () => {
  it.each(Object.entries({ nothing: NOTHING, ...CHANGES }))(
    "%s: the same as with the whole directory",
    async (name, change) => {
      const [whole, alone] = [await changed(change), await changed(change)];
      const concerned = OF_OTHERS[name];
      const everybody = whole.world.people.map(({ user }) => user.upn);
      for (const upn of concerned === undefined ? everybody : [concerned]) {
        expect(await toldOf(alone, upn, { othersAsKnown: true })).toEqual(await toldOf(whole, upn, {}));
      }
    },
  );

  it("asks for no list of users, and reads no other master", async () => {
    const bench = await changed((of) => {
      of.masters.set(`${at("anna")}.jpg`, "anna, ten years later");
      of.masters.set(`${at("hal")}.jpg`, "hal, ten years later");
    });
    const { world } = bench;
    await bench.run({ users: [at("anna")], othersAsKnown: true });
    expect(world.asked.directory).toBe(0);
    expect(world.read.map(([path]) => path)).toEqual([`${at("anna")}.jpg`]);
    await bench.run();
    expect(world.asked.directory).toBe(10);
    expect(world.read.map(([path]) => path)).toEqual([`${at("anna")}.jpg`, `${at("hal")}.jpg`]);
  });

  it.each<[string, (world: World) => void, string]>([
    ["is new", (world) => void world.add("jon"), at("jon")],
    ["is gone", (world) => void world.tenant.people.delete(at("ida")), at("ida")],
    [
      "has another's name",
      (world) => {
        const { user } = world.person(at("ida"));
        Object.assign(world.person(at("hal")), { user: { ...world.person(at("hal")).user, upn: user.upn } });
        Object.assign(world.person(at("ida")), { user: { ...user, upn: at("ida.old") } });
      },
      at("ida"),
    ],
  ])("who %s: the whole directory is read, and it is the same", async (_, change, upn) => {
    const [whole, alone] = [await changed(change), await changed(change)];
    const told = await toldOf(alone, upn, { othersAsKnown: true });
    expect(alone.world.asked.directory).toBeGreaterThan(0);
    expect(told).toEqual(await toldOf(whole, upn, {}));
    expect([...alone.state.records.users()]).toEqual([...whole.state.records.users()]);
  });

  it("before any run the whole directory is read", async () => {
    const bench = openBench();
    benches.push(bench);
    people(bench.world);
    await toldOf(bench, at("anna"), { othersAsKnown: true });
    expect(bench.world.asked.directory).toBe(10);
    expect(bench.state.records.countMasters()).toBe(bench.world.masters.size);
  });
});
