import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openBench, type Bench } from "./world.js";

/** Four unread ones are few. */
vi.mock("../../../src/run/read-all-small.js", async (original) => ({
  ...(await original<typeof import("../../../src/run/read-all-small.js")>()),
  READ_ALL_SMALL: 4,
}));

let bench: Bench;
beforeEach(() => {
  bench = openBench();
});
afterEach(() => bench.close());

/** Thumbnails that are downloaded. */
async function firstAudit(users: number): Promise<number> {
  for (let at = 0; at < users; at++) bench.world.add(`u${String(at)}`);
  const result = await bench.run();
  expect(result.head).toMatchObject({ verdict: "in-sync", complete: true });
  return bench.world.asked.download;
}

describe("S and M of a first audit", () => {
  it("are read while they are few", async () => {
    expect(await firstAudit(2)).toBe(6);
  });

  it("are left where they are many and nothing is suspicious", async () => {
    expect(await firstAudit(3)).toBe(3);
  });
});
