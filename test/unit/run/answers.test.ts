import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reportSourceOf } from "../../../src/cli/sessions/report-source.js";
import { REPORT_FORMATS } from "../../../src/model/formats.js";
import { renderReport } from "../../../src/report/index.js";
import type { AuditPorts } from "../../../src/run/settings.js";
import { picture } from "../../support/tenant/pictures.js";
import { openBench, type Bench } from "./world.js";

/** More than the stores are asked for at once. */
const PEOPLE = 130;
/** Those with masters: every wrong picture is held against each of them. */
const WITH_MASTERS = 14;

function populate({ world }: Bench): void {
  for (let at = 0; at < PEOPLE; at++) {
    const name = nameOf(at);
    world.add(
      name,
      at < WITH_MASTERS ? faultsOf(at)[at % 7] : { master: null, cloud: at % 20 ? null : "face", files: null },
    );
    const upn = `${name}@contoso.com`;
    if (at % 41 === 0) world.unreadable.add(upn);
    if (at % 43 === 6) world.refusedProfiles.set(upn, "403 accessDenied");
    if (at % 47 === 8) world.refusedBytes.set(upn, "404 errorImage");
  }
  world.masters.set("nobody@contoso.com.jpg", "nobody");
  world.masters.set(`${nameOf(1)}@contoso.com.jpg`, "damaged");
}

const faultsOf = (at: number): readonly Parameters<Bench["world"]["add"]>[1][] => [
  {},
  { cloud: null },
  { cloud: "stranger", files: "stranger" },
  { files: null },
  { cloud: nameOf((at + 7) % WITH_MASTERS) },
  { master: null, cloud: "face", files: "face" },
  { cloud: "damaged" },
];

function nameOf(at: number): string {
  return `u${String(at).padStart(3, "0")}`;
}

/** What changes between the first audit and the second. */
function change({ world }: Bench): void {
  for (let at = 0; at < PEOPLE; at += 25) {
    const upn = `${nameOf(at)}@contoso.com`;
    world.person(upn).cloud = { bytes: picture("new", 240), etag: `changed ${String(at)}` };
  }
  world.unreadable.clear();
  world.libraryVersion++;
}

type Method = (...given: unknown[]) => unknown;

/** A port each of whose answers comes after as many turns of the loop as `turns` says next. */
function delayed<Port extends object>(port: Port, turns: () => number): Port {
  async function wait(): Promise<void> {
    for (let left = turns(); left > 0; left--) await nextTurn();
  }
  async function* pages(from: AsyncIterable<unknown>): AsyncIterable<unknown> {
    await wait();
    for await (const page of from) {
      yield page;
      await wait();
    }
  }
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...given: unknown[]) => {
        const answer: unknown = (member as Method).apply(target, given);
        if (answer instanceof Promise) {
          // It may fail while it is held back.
          answer.catch(() => undefined);
          return wait().then(
            () => answer,
            () => answer,
          );
        }
        return isStream(answer) ? pages(answer) : answer;
      };
    },
  });
}

function isStream(answer: unknown): answer is AsyncIterable<unknown> {
  return typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer;
}

/** Every report of a first audit and of one after changes, whose answers wait as told, one after the other and round again. */
async function reportsOf(delays: readonly number[]): Promise<readonly string[]> {
  const bench = openBench();
  try {
    populate(bench);
    const { world, state } = bench;
    const made = world.ports.bind(world);
    let asked = 0;
    const turns = (): number => delays[asked++ % delays.length] ?? 0;
    world.ports = (of): AuditPorts => {
      const ports = made(of);
      return {
        ...ports,
        directory: delayed(ports.directory, turns),
        cloudPhotos: delayed(ports.cloudPhotos, turns),
        sharePoint: delayed(ports.sharePoint, turns),
        images: delayed(ports.images, turns),
      };
    };
    const texts: string[] = [];
    for (const between of [() => undefined, () => change(bench)]) {
      between();
      await bench.run();
      texts.push(...(await reports(bench)));
    }
    expect(state.records.runs(9)).toHaveLength(2);
    return texts;
  } finally {
    bench.close();
  }
}

async function reports({ world, state: { records } }: Bench): Promise<readonly string[]> {
  const [run] = records.runs(1);
  if (run === undefined) throw new Error("no run was recorded");
  const config = {
    file: "photodrift.yaml",
    tenant: { id: "contoso.com", name: null },
    source: { folder: "/photos" },
  } as unknown as Parameters<typeof reportSourceOf>[2];
  const { images } = world.ports({ records } as Bench["state"]);
  const source = reportSourceOf(records, images, config, run, { plan: null, report: null });
  const texts: string[] = [];
  for (const format of REPORT_FORMATS) {
    let text = "";
    for await (const piece of renderReport(source, format, { color: false, width: 100, pictures: true })) text += piece;
    texts.push(text);
  }
  return texts;
}

describe("in whatever order the answers come", () => {
  it("the bytes of every report are the same", { timeout: 60_000 }, async () => {
    const first = await reportsOf([0]);
    expect(first[REPORT_FORMATS.indexOf("json")]).toContain("wrong-person");
    const orders = fc.array(fc.nat(8), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(orders, async (delays) => {
        const found = await reportsOf(delays);
        expect(found.length).toBe(first.length);
        // Whole reports in a failure would be megabytes.
        for (const [at, text] of found.entries()) expect(firstDifference(text, first[at] ?? "")).toBeNull();
      }),
      { numRuns: 5, endOnFailure: true },
    );
  });
});

function firstDifference(a: string, b: string): string | null {
  if (a === b) return null;
  let at = 0;
  while (a[at] === b[at]) at++;
  return `${a.slice(Math.max(0, at - 200), at + 200)}\n!==\n${b.slice(Math.max(0, at - 200), at + 200)}`;
}

/** Of a master, by path or as a file that was read; pictures of the stores come in bytes. */
function pathOf(given: unknown): string {
  if (typeof given === "string") return given;
  return typeof given === "object" && given !== null && "path" in given ? String(given.path) : "bytes";
}

describe("an audit in which nothing changed", () => {
  /** Every question to the image library, as `name path-or-bytes`. */
  function watchImages({ world }: Bench): string[] {
    const asked: string[] = [];
    const made = world.ports.bind(world);
    world.ports = (state) => {
      const ports = made(state);
      const images = new Proxy(ports.images, {
        get(target, name) {
          const member: unknown = Reflect.get(target, name);
          if (typeof member !== "function") return member;
          return (...given: unknown[]) => {
            asked.push(`${String(name)} ${pathOf(given[0])}`);
            return (member as Method).apply(target, given);
          };
        },
      });
      return { ...ports, images };
    };
    return asked;
  }

  it("decodes no master and no other picture, right or wrong as they are", async () => {
    const bench = openBench();
    try {
      // Without pictures that come anew in every audit: what could not be read is read again.
      for (const [at, part] of [
        {},
        { cloud: null },
        { cloud: "stranger", files: "stranger" },
        { files: null },
      ].entries())
        bench.world.add(`u${String(at)}`, part);
      bench.world.add("dora", { cloud: "u0" });
      const asked = watchImages(bench);
      await bench.run();
      expect(asked.filter((one) => one.startsWith("signMaster"))).toHaveLength(5);
      asked.length = 0;
      await bench.run();
      expect(asked).toEqual([]);
      // One master is replaced: it alone is decoded, for its signature and for what it is compared with.
      bench.world.masters.set("u0@contoso.com.jpg", "somebody, and a longer text");
      await bench.run();
      expect(new Set(asked.map((one) => one.split(" ")[1]))).toEqual(new Set(["u0@contoso.com.jpg"]));
      expect(asked.filter((one) => one.startsWith("signMaster"))).toEqual(["signMaster u0@contoso.com.jpg"]);
    } finally {
      bench.close();
    }
  });

  it("decodes every master anew with --full, and no other one for a user who is asked for alone", async () => {
    const bench = openBench();
    try {
      for (const name of ["anna", "ben"]) bench.world.add(name);
      const asked = watchImages(bench);
      await bench.run();
      asked.length = 0;
      await bench.run({ users: ["anna@contoso.com"] });
      expect(asked).toEqual([]);
      await bench.run({ full: true });
      expect(asked.filter((one) => one.startsWith("signMaster"))).toHaveLength(2);
    } finally {
      bench.close();
    }
  });
});
