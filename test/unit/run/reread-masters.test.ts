import { afterEach, describe, expect, it } from "vitest";
import { PhotodriftError } from "../../../src/model/errors.js";
import type { AuditListener } from "../../../src/run/audited.js";
import type { AuditPorts } from "../../../src/run/settings.js";
import { picture } from "../../support/tenant/pictures.js";
import { at, people } from "./changes.js";
import { openBench, type Bench, type World } from "./world.js";

const benches: Bench[] = [];
afterEach(() => benches.splice(0).forEach((bench) => bench.close()));

function peopled(): Bench {
  const bench = openBench();
  benches.push(bench);
  people(bench.world);
  return bench;
}

const FILE = `${at("hal")}.jpg`;

const PEOPLE = ["anna", "ben", "carl", "dora", "emil", "fay", "gil", "hal", "ida", "kit", "leo"];

/** What may become of Hal's master while the stores are read; of a file that is gone nothing is shown. */
const FATES: Readonly<Record<string, string>> = {
  "a newer picture of Hal": "hal, ten years later",
  "a picture of somebody else": "stranger",
  "no whole picture": "damaged",
  nothing: "",
};

const MOMENTS = ["metadata", "renditions", "inventory", "profiles", "download"] as const;

/** Nothing is known of the people, or all is and Hal has a new photo. */
const BEFORE: Readonly<Record<string, (bench: Bench) => Promise<void>>> = {
  "a first audit": async () => undefined,
  "a later audit": async (bench) => {
    await bench.run();
    const { world } = bench;
    world.person(at("hal")).cloud = { bytes: picture("hal", 96), etag: world.etag() };
    world.person(at("hal")).files.L = world.tenant.file("hal", 300);
    world.libraryVersion++;
  },
  "an audit after a change of masters": async (bench) => {
    await bench.run();
    const { world } = bench;
    // Nothing of Hal is read: what is known is judged at the end, for nobody is judged ahead of who listens.
    world.masters.set(FILE, "hal, with a beard");
    Object.assign(world.person(at("hal")).files, { S: null, M: null, L: null });
    world.libraryVersion++;
  },
};

const LISTENER: AuditListener = { user: () => undefined, orphan: () => undefined };

/** What is told in an audit: what is wrong, and what is wanted by which content of a master. */
function told({ state }: Bench, run: number): readonly string[] {
  const findings = [...state.records.findings(`run-${String(run)}`)];
  return findings.map(({ rule, address, expected }) => JSON.stringify({ rule, address, expected }));
}

describe.each(Object.entries(BEFORE))("%s while people work in the folder", (_, before) => {
  const cases = Object.entries(FATES).flatMap(([name, shows]) => MOMENTS.map((moment) => ({ name, shows, moment })));
  async function found(change: (world: World) => void): Promise<readonly string[]> {
    const bench = peopled();
    await before(bench);
    change(bench.world);
    const result = await bench.run({}, LISTENER);
    expect(result.complete).toBe(true);
    return told(bench, bench.runs());
  }
  const known = new Map<string | null, Promise<readonly string[]>>();
  /** Where the file shows this all the time; null: what it shows already. */
  function foundOf(shows: string | null): Promise<readonly string[]> {
    const finding = known.get(shows) ?? found(({ masters }) => (shows === null ? masters : masters.set(FILE, shows)));
    known.set(shows, finding);
    return finding;
  }

  it.each(cases)("Hal's master becomes $name at the first $moment", async ({ shows, moment }) => {
    const [asItWas, asItBecame] = [await foundOf(null), await foundOf(shows)];
    const meanwhile = await found((world) => {
      world.onAsk = (ask) => {
        if (ask === moment) world.masters.set(FILE, shows);
      };
    });
    // All that is told of anybody is told of one content of the file: of Hal, and of those who show a picture of his.
    for (const name of PEOPLE) {
      const [was, became, is] = [asItWas, asItBecame, meanwhile].map((all) =>
        all.filter((one) => one.includes(`/${at(name)}`)),
      );
      expect([was, became]).toContainEqual(is);
    }
    expect(meanwhile.filter((one) => !PEOPLE.some((name) => one.includes(`/${at(name)}`)))).toEqual([]);
  });

  it.each(Object.entries(FATES))("what became of it is found by the next audit: %s", async (_name, shows) => {
    async function foundNext(meanwhile: boolean): Promise<readonly string[]> {
      const bench = peopled();
      await before(bench);
      const become = (): void => void bench.world.masters.set(FILE, shows);
      if (meanwhile) bench.world.onAsk = (ask) => (ask === "renditions" ? become() : undefined);
      await bench.run();
      bench.world.onAsk = () => undefined;
      become();
      await bench.run();
      return bench.found();
    }
    expect(await foundNext(true)).toEqual(await foundNext(false));
  });
});

it("a master that changes whenever it is read is left to the next audit, and nothing else with it", async () => {
  const { world, ...bench } = peopled();
  const calm = peopled();
  calm.world.masters.set(FILE, "damaged");
  await calm.run();
  const made = world.ports.bind(world);
  let version = 0;
  world.ports = (state) => {
    const ports: AuditPorts = made(state);
    const signMaster: AuditPorts["images"]["signMaster"] = async (path, focus) => {
      const signed = await ports.images.signMaster(path, focus);
      if (path === FILE) world.masters.set(FILE, `hal ${String(++version)}`);
      return signed;
    };
    return { ...ports, images: { ...ports.images, signMaster } };
  };
  expect((await bench.run()).complete).toBe(true);
  const ofHal = (found: readonly string[]): readonly string[] => found.filter((one) => one.includes(at("hal")));
  expect(ofHal(bench.found())).toEqual(ofHal(calm.found()));
  expect(bench.found()).toHaveLength(calm.found().length);
  expect(version).toBe(4);
});

it.each(MOMENTS)("a folder that is lost at the first %s ends the audit, and is no store's fault", async (moment) => {
  const { world, ...bench } = peopled();
  const made = world.ports.bind(world);
  let scans = 0;
  world.ports = (state) => {
    const ports: AuditPorts = made(state);
    const scan: AuditPorts["source"]["scan"] = async () => {
      if (++scans > 1) throw new PhotodriftError("source-missing", "no such folder", "Mount it.", "refused");
      return ports.source.scan();
    };
    return { ...ports, source: { ...ports.source, scan } };
  };
  const lost = [...world.masters.keys()];
  world.onAsk = (ask) => {
    if (ask === moment) for (const file of lost) world.masters.set(file, "");
  };
  await expect(bench.run()).rejects.toMatchObject({ code: "source-missing" });
});

it.each([
  { refused: Object.assign(new Error("i/o error"), { code: "EIO" }), times: 2 },
  { refused: new Error("premature end"), times: 1 },
])("a file that was refused for $refused is read $times times in two audits", async ({ refused, times }) => {
  const { world, ...bench } = peopled();
  const made = world.ports.bind(world);
  let asked = 0;
  world.ports = (state) => {
    const ports: AuditPorts = made(state);
    const signMaster: AuditPorts["images"]["signMaster"] = async (path, focus) => {
      if (path !== FILE) return ports.images.signMaster(path, focus);
      asked++;
      throw new PhotodriftError("unreadable-image", "cannot be read", "Look.", "failed", refused);
    };
    return { ...ports, images: { ...ports.images, signMaster } };
  };
  for (let audit = 0; audit < 2; audit++) {
    await bench.run();
    expect(bench.found()).toContain(`unreadable-master source/${FILE}`);
  }
  expect(asked).toBe(times);
});

it("a folder that loses most of its files ends the audit as a folder that has lost them does", async () => {
  const { world, ...bench } = peopled();
  for (let one = 0; one < 9; one++) world.add(`more${String(one)}`);
  world.onAsk = (ask) => {
    if (ask === "renditions") for (const file of [...world.masters.keys()].slice(1)) world.masters.delete(file);
  };
  await expect(bench.run()).rejects.toMatchObject({ code: "source-shrunken" });
});
