import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openBench, type Bench } from "./world.js";

let bench: Bench;
beforeEach(() => {
  bench = openBench();
});
afterEach(() => bench.close());

const SHAREPOINT = { stores: ["sharepoint"] } as const;

describe("profiles are read by need and age", () => {
  it("each once in the first audit, then 500 a run, whatever else the directory holds", async () => {
    for (let i = 0; i < 900; i++) bench.world.add(`u${String(i)}`, { master: null });
    for (let i = 0; i < 600; i++) {
      const { user } = bench.world.add(`guest${String(i)}`, { master: null });
      Object.assign(user, { guest: true });
    }
    const reached = new Set<string>();
    for (const expected of [900, 500, 500]) {
      bench.world.forget();
      await bench.run(SHAREPOINT);
      expect(bench.world.asked.profiles).toBe(expected);
      for (const upn of bench.world.profilesRead) reached.add(upn);
      expect(reached.size).toBe(900);
    }
  });

  it("an incomplete set and a user without thumbnails but with a master at once; doubtful readings again", async () => {
    for (let i = 0; i < 520; i++)
      bench.world.add(`u${String(i).padStart(3, "0")}`, { master: null, files: null, cloud: null });
    const broken = bench.world.add("zz-broken", { master: null, files: "x" });
    broken.files.S = null;
    bench.world.add("zz-bare", { files: null });
    await bench.run(SHAREPOINT);
    expect(bench.world.profilesRead).toContain("zz-broken@contoso.com");
    expect(bench.world.profilesRead).toContain("zz-bare@contoso.com");
    bench.world.forget();
    await bench.run(SHAREPOINT);
    expect(bench.world.profilesRead).toContain("zz-broken@contoso.com");
    expect(bench.world.profilesRead).toContain("zz-bare@contoso.com");
  });

  it("a clean reading of a mailbox user is not doubted", async () => {
    for (let i = 0; i < 510; i++) bench.world.add(`u${String(i)}`, { master: null, files: "x" });
    for (let run = 0; run < 3; run++) {
      bench.world.forget();
      await bench.run(SHAREPOINT);
    }
    expect(bench.world.asked.profiles).toBe(500);
  });
});
