import { describe, expect, it } from "vitest";
import { peopleList } from "../../../src/desired/index.js";
import { guardLists, type GuardedList } from "../../../src/run/list-guard.js";

interface Run {
  readonly consent?: number;
  readonly pins?: number;
  readonly limit?: number;
  readonly writes?: boolean;
  /** Files of the lists that the configuration names. */
  readonly files?: { readonly consent: string; readonly pins: string };
}

/** What several runs one after the other say, each by one word or its whole error. */
function runs(...each: readonly Run[]): readonly string[] {
  const sizes = new Map<GuardedList, number>();
  return each.map(({ consent = 0, pins = 0, limit = 30, writes = true, files }) => {
    const warned: string[] = [];
    const ports = {
      records: {
        lastListSize: (list: GuardedList) => sizes.get(list) ?? null,
        saveListSize: (list: GuardedList, people: number) => void sizes.set(list, people),
      },
      source: { listFiles: files ?? { consent: "no.csv", pins: "pins.csv" } },
      progress: { warn: (text: string) => void warned.push(text) },
    } as unknown as Parameters<typeof guardLists>[0];
    try {
      guardLists(ports, { consent: { names: consent }, pins: { names: pins } }, { maxChangePercent: limit, writes });
    } catch (error) {
      const { code, errorClass, message } = error as { code: string; errorClass: string; message: string };
      return `${code} ${errorClass}: ${message}`;
    }
    return warned.join(" ") === "" ? "believed" : `warned: ${warned.join(" ")}`;
  });
}

describe("a list of people that lost most of them", () => {
  it.each<readonly [string, number | null, number, number]>([
    ["the first run", null, 0, 30],
    ["nothing lost", 40, 40, 30],
    ["more than before", 40, 4_000, 30],
    ["exactly the limit", 40, 28, 30],
    ["few people, not all", 9, 1, 30],
    ["the only one", 1, 0, 30],
    ["the limit raised", 40, 1, 100],
    ["all of them, the limit raised", 40, 0, 100],
    ["never anybody on it", 0, 0, 30],
  ])("is believed: %s", (_, before, now, limit) => {
    for (const list of ["consent", "pins"] as const) {
      const first = before === null ? [] : [{ [list]: before, limit: 100 }];
      expect(runs(...first, { [list]: now, limit }).at(-1)).toBe("believed");
    }
  });

  it.each([
    ["consent", "The consent list no.csv", 40, 27],
    ["consent", "The consent list no.csv", 10, 1],
    ["pins", "The pin list pins.csv", 200_000, 3],
    ["pins", "The pin list pins.csv", 2, 0],
  ])(
    "is refused where something is written, and a warning elsewhere: %s, %s from %i to %i",
    (list, words, before, now) => {
      const [, written, read] = runs({ [list]: before }, { [list]: now }, { [list]: now, writes: false });
      expect(written).toMatch(/^list-shrunken refused: /u);
      for (const said of [written, read])
        expect(said).toContain(`${words} names ${now === 1 ? "1 person" : `${now} people`}`);
      expect(read).toMatch(/^warned: .*raise limits\.maxChangePercent for one run/u);
      if (now === 0) expect(read).toContain("(to 100)");
    },
  );

  it("is said again by every run until it is whole, or one run is told to believe it", () => {
    const small = { consent: 3 };
    const words = (said: readonly string[]) => said.map((one) => one.split(/[ :]/u)[0]);
    const seen = { ...small, writes: false };
    expect(words(runs({ consent: 40 }, seen, small, seen, small))).toEqual([
      "believed",
      "warned",
      "list-shrunken",
      "warned",
      "list-shrunken",
    ]);
    expect(words(runs({ consent: 40 }, small, { consent: 39 }, small))).toEqual([
      "believed",
      "list-shrunken",
      "believed",
      "list-shrunken",
    ]);
    expect(words(runs({ consent: 40 }, small, { ...small, limit: 100 }, small))).toEqual([
      "believed",
      "list-shrunken",
      "believed",
      "believed",
    ]);
  });

  it("is no matter of a list that is not configured any more", () => {
    const none = { files: { consent: "", pins: "" } };
    expect(runs({ consent: 40 }, none, { consent: 40 })).toEqual(["believed", "believed", "believed"]);
  });
});

it("people are counted, however they stand in rows", () => {
  const names = (...users: readonly string[]) => peopleList(users.map((user, at) => ({ user, line: at + 2 }))).names;
  expect(names()).toBe(0);
  expect(names("a@x.de", "b@x.de")).toBe(2);
  expect(names("a@x.de; b@x.de")).toBe(2);
  expect(names("a@x.de", "A@X.de", "", " ")).toBe(1);
});
