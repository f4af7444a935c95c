import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { picture } from "../../support/tenant/pictures.js";
import { FOLDER, openBench, type Bench } from "./world.js";

let bench: Bench;
beforeEach(() => {
  bench = openBench();
});
afterEach(() => bench.close());

/** Anna is right; Ben has no photo, Carl an unknown picture everywhere, Dora Anna's face in the cloud. */
function fourPeople(): void {
  bench.world.add("anna");
  bench.world.add("ben", { cloud: null });
  bench.world.add("carl", { master: "carl", cloud: "stranger", files: "stranger" });
  bench.world.add("dora", { cloud: "anna" });
}

describe("an audit over services in memory", () => {
  it("finds what differs and nothing else, sorted by user, address and rule", async () => {
    fourPeople();
    const result = await bench.run();
    expect(bench.found()).toEqual([
      "missing-photo exchange/ben@contoso.com",
      "stale-photo exchange/carl@contoso.com",
      "stale-photo sharepoint/carl@contoso.com/LThumb",
      "stale-photo sharepoint/carl@contoso.com/MThumb",
      "stale-photo sharepoint/carl@contoso.com/SThumb",
      "wrong-person exchange/dora@contoso.com",
    ]);
    expect(result.summary).toMatchObject({ users: 4, usersInScope: 4, usersWithDrift: 3, new: 6, resolved: 0 });
    expect(result.head).toMatchObject({ verdict: "drift", exitCode: 2, complete: true });
  });

  it("keeps with the run what of the folder is no master, but for what is a finding", async () => {
    fourPeople();
    const notes = { file: "notes.txt", reason: "not an image name" };
    bench.world.skipped = [notes, { file: "emil.jpg", reason: "it is being written; the next run takes it" }];
    expect((await bench.run()).summary.leftOut).toEqual([notes]);
    bench.world.skipped = Array.from({ length: 1_500 }, (_, i) => ({ ...notes, file: `${i}.txt` }));
    const { leftOut = [] } = (await bench.run()).summary;
    expect(leftOut).toHaveLength(1_001);
    expect(leftOut.at(-1)?.reason).toBe("and 500 more entries that are no masters");
  });

  it("reads nothing twice while nothing changed", async () => {
    fourPeople();
    await bench.run();
    // Dora's shows Anna's face: it is asked for again by itself, once for its etag.
    expect(bench.world.waves).toEqual([3, 1]);
    expect(bench.world.asked).toMatchObject({ download: 12, inventory: 1 });
    bench.world.forget();
    const again = await bench.run();
    expect(bench.world.asked).toMatchObject({ renditions: 0, download: 0, inventory: 0, metadata: 4 });
    expect(again.summary).toMatchObject({ new: 0, persisting: 6, resolved: 0 });
  });

  it("reads one rendition where one etag changed, and every image with --full", async () => {
    fourPeople();
    await bench.run();
    bench.world.forget();
    bench.world.person("carl@contoso.com").cloud = { bytes: picture("carl", 240), etag: "new" };
    const repaired = await bench.run();
    expect(bench.world.asked).toMatchObject({ renditions: 1, download: 0 });
    expect(repaired.summary).toMatchObject({ new: 0, persisting: 5, resolved: 1 });
    bench.world.forget();
    await bench.run({ full: true });
    expect(bench.world.asked).toMatchObject({ renditions: 3, download: 12, inventory: 1 });
  });

  it("asks for renditions in full waves, whatever share of each chunk of users has a photo", async () => {
    for (let i = 0; i < 600; i++) bench.world.add(`u${String(i)}`, { master: null, cloud: i % 3 ? "x" : null });
    await bench.run({ stores: ["exchange"] });
    expect(bench.world.waves).toEqual([100, 100, 100, 100]);
  });

  it("tells a replaced master from an unknown picture", async () => {
    bench.world.add("anna");
    await bench.run();
    bench.world.masters.set("anna@contoso.com.jpg", "anna, ten years later");
    await bench.run();
    const [first] = bench.state.records.findings("run-2");
    expect(first).toMatchObject({ rule: "stale-photo", cause: "master-changed" });
  });
});

describe("an incomplete run", () => {
  it("a store that fails alone: the others are judged, and nothing that stood in it is resolved", async () => {
    fourPeople();
    await bench.run();
    bench.world.down.add("locate");
    bench.world.person("ben@contoso.com").cloud = { bytes: picture("ben", 240), etag: "new" };
    const result = await bench.run();
    expect(result.head).toMatchObject({ verdict: "incomplete", exitCode: 4, complete: false });
    expect(bench.found()).toEqual([
      "stale-photo exchange/carl@contoso.com",
      "wrong-person exchange/dora@contoso.com",
      "unreadable sharepoint/*",
    ]);
    expect(result.summary).toMatchObject({ new: 1, persisting: 2, resolved: 1 });
    bench.world.down.clear();
    const healed = await bench.run();
    expect(healed.summary).toMatchObject({ new: 0, persisting: 5, resolved: 1 });
    expect(healed.complete).toBe(true);
  });

  it("a list of folders without the one that holds the thumbnails is not believed, listed anew or not", async () => {
    fourPeople();
    await bench.run();
    const before = bench.found();
    bench.world.folders = ["/User Photos/Other"];
    expect((await bench.run()).head).toMatchObject({ exitCode: 4, complete: false });
    bench.world.libraryVersion++;
    expect((await bench.run()).head).toMatchObject({ exitCode: 4, complete: false });
    const told = bench.found().filter((line) => line.includes(" sharepoint/"));
    expect(told).toEqual(["unreadable sharepoint/*"]);
    bench.world.folders = ["/User Photos/Other", FOLDER.toUpperCase()];
    expect((await bench.run()).head).toMatchObject({ complete: true });
    expect(bench.found()).toEqual(before);
  });

  it("a user that cannot be read keeps the finding of before", async () => {
    fourPeople();
    await bench.run();
    bench.world.unreadable.add("ben@contoso.com");
    const result = await bench.run();
    expect(bench.found()).toContain("unreadable exchange/ben@contoso.com");
    expect(result.head.exitCode).toBe(4);
    expect(result.summary.resolved).toBe(0);
    bench.world.unreadable.clear();
    const healed = await bench.run();
    const [missing] = [...bench.state.records.findings("run-3")];
    expect(missing).toMatchObject({ rule: "missing-photo", firstSeen: "2026-03-01T01:00:00.000Z" });
    expect(healed.summary).toMatchObject({ new: 0, resolved: 1 });
  });

  it("no store at all is an error", async () => {
    fourPeople();
    bench.world.down.add("metadata").add("locate");
    await expect(bench.run()).rejects.toMatchObject({ code: "service-unavailable" });
  });

  it("a directory or source that fails is an error", async () => {
    fourPeople();
    bench.world.down.add("directory");
    await expect(bench.run()).rejects.toMatchObject({ code: "service-unavailable" });
  });

  it("an interrupted run goes on where it was, and what it found is still new", async () => {
    for (let i = 0; i < 30; i++) bench.world.add(`u${String(i).padStart(2, "0")}`, { files: "stranger" });
    const abort = new AbortController();
    bench.world.onAsk = (ask) => {
      if (ask === "download" && bench.world.asked.download === 40) abort.abort();
    };
    await expect(bench.run({ signal: abort.signal })).rejects.toThrow(/abort/i);
    const before = { ...bench.world.asked };
    expect(before.renditions).toBe(30);
    const { summary } = await bench.run();
    expect(bench.world.asked.renditions).toBe(30);
    expect(bench.world.asked.download).toBe(90);
    expect(summary).toMatchObject({ new: 90, persisting: 0 });
  });

  it("a run cut off while it compared leaves no finding that looks known", async () => {
    fourPeople();
    const cut = {
      user: () => {
        throw new Error("power cut");
      },
      orphan: () => undefined,
    };
    await expect(bench.run({}, cut)).rejects.toThrow("power cut");
    expect((await bench.run()).summary).toMatchObject({ new: 6, persisting: 0 });
  });
});

describe("a narrowed run resolves nothing beside what it looked at", () => {
  beforeEach(async () => {
    fourPeople();
    bench.world.masters.set("nobody.jpg", "nobody");
    await bench.run();
    for (const person of bench.world.people) {
      person.cloud = { bytes: picture(person.user.displayName, 240), etag: bench.world.etag() };
    }
    bench.world.masters.delete("nobody.jpg");
  });

  it.each([
    ["--user", { users: ["ben@contoso.com"] }, 1],
    ["--group", { groups: ["g"] }, 1],
    ["--rule", { rules: ["wrong-person"] as const }, 1],
    ["--store", { stores: ["entra"] as const }, 1],
    ["none", {}, 4],
  ])("%s", async (_name, filter, resolved) => {
    bench.world.groups.set("g", new Set([bench.world.person("ben@contoso.com").user.id]));
    const { summary } = await bench.run(filter);
    expect(summary.resolved).toBe(resolved);
    const rest = await bench.run();
    expect(summary.resolved + rest.summary.resolved).toBe(4);
    expect(rest.summary).toMatchObject({ persisting: 3, new: 0 });
  });

  it("an unknown --user is wrong usage", async () => {
    await expect(bench.run({ users: ["bem@contoso.com"] })).rejects.toMatchObject({ code: "user-unknown" });
  });

  it("tells rows of lists that cannot be followed, in narrowed runs too, and protects by any alias", async () => {
    bench.world.person("ben@contoso.com").user = {
      ...bench.world.person("ben@contoso.com").user,
      aliases: ["old-ben@contoso.com"],
    };
    bench.world.consent = [
      { user: "smtp:OLD-BEN@contoso.com", line: 2 },
      { user: "annna@contoso.com", line: 3 },
    ];
    bench.world.pins = [{ user: "nobody@elsewhere.example", line: 2 }];
    bench.world.mapping = [
      { user: "carl@contoso.com", file: "C:\\carl.jpg", line: 4, focus: null, focusProblem: null },
    ];
    await bench.run();

    const rows = bench.found().filter((line) => line.startsWith("list-entry-without-user"));
    expect(rows).toEqual([
      "list-entry-without-user source/opted-out.csv:3",
      "list-entry-without-user source/people.csv:4",
      "list-entry-without-user source/pinned.csv:2",
    ]);
    expect(bench.found()).not.toContain("missing-photo exchange/ben@contoso.com");
    await bench.run({ users: ["dora@contoso.com"] });
    expect(bench.found().filter((line) => line.includes("source/"))).toEqual(rows);
  });

  it("a focus of the mapping reaches the file it names, and a changed one reads that file anew", async () => {
    fourPeople();
    await bench.run();
    const row = { user: "anna@contoso.com", file: "ANNA@contoso.com.jpg", line: 2, focusProblem: null };
    const readings = async (focus: { readonly x: number; readonly y: number } | null) => {
      bench.world.mapping = [{ ...row, focus }];
      bench.world.read.length = 0;
      await bench.run();
      return bench.world.read.filter(([, given]) => given !== null || bench.world.read.length === 1);
    };
    expect(await readings({ x: 50, y: 40 })).toEqual([[expect.stringMatching(/anna/i), { x: 50, y: 40 }]]);
    expect(await readings({ x: 50, y: 40 })).toEqual([]);
    expect(await readings({ x: 50, y: 30 })).toEqual([[expect.stringMatching(/anna/i), { x: 50, y: 30 }]]);
    expect(await readings(null)).toEqual([[expect.stringMatching(/anna/i), null]]);
    expect(bench.world.read).toHaveLength(1);
  });
});
