import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CloudRendition } from "../../../src/run/ports.js";
import { openBench, type Bench } from "./world.js";

let bench: Bench;
beforeEach(() => {
  bench = openBench();
});
afterEach(() => bench.close());

/** Exchanges what the photos of two users are answered with, wherever both are asked for together. */
function exchange(one: string, other: string): void {
  bench.world.onRenditions = (answers) => {
    const at = [one, other].map((name) =>
      answers.findIndex(({ userId }) => userId === bench.world.person(`${name}@contoso.com`).user.id),
    );
    const [first = -1, second = -1] = at;
    const [a, b] = [answers[first], answers[second]];
    if (a === undefined || b === undefined) return answers;
    const changed: CloudRendition[] = [...answers];
    changed[first] = { ...a, result: b.result };
    changed[second] = { ...b, result: a.result };
    return changed;
  };
}

/** Two who are right, one whose photo nobody knows, one with a silhouette, two without a master. */
function people(): void {
  bench.world.add("anna");
  bench.world.add("ben");
  bench.world.add("carl", { cloud: "stranger" });
  bench.world.add("emil", { master: null, cloud: "emil", files: "emil" });
  bench.world.add("fritz", { master: null, cloud: "fritz", files: "fritz" });
}

const PAIRS = [
  ["anna", "ben"],
  ["anna", "carl"],
  ["carl", "ben"],
  ["anna", "emil"],
  ["emil", "ben"],
] as const;

describe("photos that are exchanged within one batch", () => {
  it.each(PAIRS)(
    "%s and %s: both are asked for again by themselves, and nothing false is found",
    async (one, other) => {
      people();
      const clean = openBench();
      Object.assign(clean.world, { tenant: bench.world.tenant, masters: bench.world.masters });
      await clean.run();
      exchange(one, other);
      await bench.run();
      expect(bench.found()).toEqual(clean.found());
      expect(bench.world.waves).toEqual([5, 1, 1]);
      expect(clean.world.waves).toEqual([5]);
      clean.close();
    },
  );

  it("at an unchanged etag another picture is asked for again, also where nobody knows either", async () => {
    people();
    await bench.run();
    const before = bench.found();
    bench.world.forget();
    exchange("emil", "fritz");
    await bench.run({ full: true });
    expect(bench.world.waves).toEqual([5, 1, 1]);
    expect(bench.found()).toEqual(before);
  });

  it("a photo that is gone in a batch, right after its metadata were read, is asked for again", async () => {
    people();
    bench.world.onRenditions = (answers) =>
      answers.length === 1
        ? answers
        : answers.map((answer, at) => (at === 0 ? { ...answer, result: { kind: "absent" } } : answer));
    await bench.run();
    expect(bench.world.waves).toEqual([5, 1]);
    expect(bench.found()).not.toContain("missing-photo exchange/anna@contoso.com");
  });
});
