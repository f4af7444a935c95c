import { MASTER_PREVIEW } from "../../../src/model/master.js";
import { beforeEach, describe, expect, it } from "vitest";
import type { FindingDraft } from "../../../src/model/finding.js";
import { NO_COST, type RunHead, type RunSummary } from "../../../src/model/run.js";
import type { Coverage } from "../../../src/run/records/runs.js";
import { cloudPhoto, draft, file, master, signed, user } from "./made.js";
import type { State } from "../../../src/state/index.js";
import { onEveryHome } from "../../contract/state-homes.js";

onEveryHome((opened) => {
  let state: State;
  beforeEach(() => {
    state = opened();
  });

  const EVERYTHING: Coverage = {
    rules: null,
    stores: new Set(["exchange", "entra", "sharepoint"]),
    unreadable: new Set(),
    userIds: null,
  };

  function begin(at: number): string {
    const id = `run-${String(at)}`;
    const startedAt = new Date(Date.UTC(2026, 0, at)).toISOString();
    state.records.beginRun({ id, mode: "audit", trigger: "cli", tenant: "contoso.com", startedAt });
    return id;
  }

  /** Settles, and is cut off there. */
  function cutOff(at: number, drafts: readonly FindingDraft[], coverage: Partial<Coverage> = {}) {
    const id = begin(at);
    state.records.recordFindings(id, drafts);
    return state.records.settleFindings(id, { ...EVERYTHING, ...coverage });
  }

  async function runOf(at: number, drafts: readonly FindingDraft[], coverage: Partial<Coverage> = {}) {
    const settled = await cutOff(at, drafts, coverage);
    state.records.confirmFindings(`run-${String(at)}`);
    return settled;
  }

  function finish(at: number, verdict = "drift"): void {
    const startedAt = new Date(Date.UTC(2026, 0, at)).toISOString();
    const head = { id: `run-${String(at)}`, mode: "audit", startedAt, finishedAt: startedAt, verdict };
    state.records.finishRun(head as RunHead, { users: at, byRule: {} } as RunSummary, NO_COST);
  }

  const STALE = draft("stale-photo", "anna", "exchange/anna@contoso.com");
  const THUMB = draft("missing-thumbnail", "ben", "sharepoint/ben@contoso.com/SThumb");
  const ORPHAN = draft("orphan-thumbnail", null, "sharepoint/gone/LThumb");
  const FILE = draft("master-without-user", null, "source/nobody.jpg");
  const ALL = [STALE, THUMB, ORPHAN, FILE];

  describe("findings over runs", () => {
    it("are new once, keep their first time while they persist, and are new again after they were resolved", async () => {
      expect(await runOf(1, ALL)).toEqual({ new: 4, persisting: 0, resolved: 0 });
      expect(await runOf(2, [STALE, THUMB])).toEqual({ new: 0, persisting: 2, resolved: 2 });
      expect(await runOf(3, ALL)).toEqual({ new: 2, persisting: 2, resolved: 0 });
      const times = Object.fromEntries([...state.records.findings("run-3")].map((each) => [each.rule, each.firstSeen]));
      expect(times["stale-photo"]).toBe("2026-01-01T00:00:00.000Z");
      expect(times["orphan-thumbnail"]).toBe("2026-01-03T00:00:00.000Z");
    });

    it("have the same id in every run, and another for another rule or address", async () => {
      await runOf(1, ALL);
      await runOf(2, ALL);
      const ids = (run: string) => [...state.records.findings(run)].map(({ id }) => id);
      expect(ids("run-2")).toEqual(ids("run-1"));
      expect(new Set(ids("run-1")).size).toBe(4);
    });

    it("come sorted by user, address and rule, those of nobody last, in pages", async () => {
      const many = Array.from({ length: 700 }, (_, at) =>
        draft("stale-photo", `u${String(at).padStart(4, "0")}`, `exchange/u${String(at).padStart(4, "0")}`),
      );
      const id = begin(1);
      state.records.recordFindings(id, [FILE, ...[...many].reverse(), draft("missing-photo", "U0001", "entra/u0001")]);
      const order = [...state.records.findings(id)].map((each) => `${each.user?.upn ?? "-"} ${each.address}`);
      expect(order).toHaveLength(702);
      expect(order.slice(0, 3)).toEqual([
        "u0000@contoso.com exchange/u0000",
        "U0001@contoso.com entra/u0001",
        "u0001@contoso.com exchange/u0001",
      ]);
      expect(order.at(-1)).toBe("- source/nobody.jpg");
    });

    it("a run that never came to its end made nothing known", async () => {
      const cut = begin(1);
      state.records.recordFindings(cut, ALL);
      expect(await runOf(2, ALL)).toEqual({ new: 4, persisting: 0, resolved: 0 });
    });

    describe("that a run settled hold with its end, all of them or none", () => {
      /** What is left of a run that was cut off after it had settled: nothing, an end that was recorded for it, or that after old runs were dropped. */
      const ends: readonly (readonly [string, (at: number) => void])[] = [
        ["killed", () => undefined],
        ["interrupted or failed", finish],
        [
          "failed, and old runs were dropped",
          (at) => {
            finish(at);
            state.records.prune({ audits: 1, undoSince: "9999" });
          },
        ],
      ];

      it.each(ends)("those of one that was %s: none", async (_name, end) => {
        await runOf(1, [STALE, THUMB, FILE]);
        finish(1);
        expect(await cutOff(2, [STALE, ORPHAN])).toEqual({ new: 1, persisting: 1, resolved: 2 });
        end(2);
        // What it saw first is new, what it did not see any more still stands since the first run.
        expect(await runOf(3, [STALE, ORPHAN, THUMB])).toEqual({ new: 1, persisting: 2, resolved: 1 });
        finish(3);
        const seen = [...state.records.findings("run-3")].map(({ rule, firstSeen }) => [rule, firstSeen.slice(8, 10)]);
        expect(Object.fromEntries(seen)).toEqual({
          "stale-photo": "01",
          "missing-thumbnail": "01",
          "orphan-thumbnail": "03",
        });
        // What is over is over, before and after it is dropped.
        state.records.prune({ audits: 9, undoSince: "9999" });
        expect(await runOf(4, ALL)).toEqual({ new: 1, persisting: 3, resolved: 0 });
      });

      it("others have their turn between the steps, so that what is committed together stays small", async () => {
        const many = Array.from({ length: 1_600 }, (_, at) =>
          draft("stale-photo", `u${String(at)}`, `exchange/u${String(at)}`),
        );
        const turnsWhile = async (work: () => Promise<unknown>): Promise<number> => {
          let [turns, over] = [0, false];
          const count = (): void => {
            turns++;
            if (!over) setImmediate(count);
          };
          setImmediate(count);
          await work();
          over = true;
          return turns;
        };
        expect(await turnsWhile(() => runOf(1, many))).toBeGreaterThan(3);
        expect(await turnsWhile(() => runOf(2, []))).toBeGreaterThan(3);
      });
    });

    it("are last seen in the newest run that saw them and came to its end", async () => {
      const idOf = (run: string): string =>
        [...state.records.findings(run)].find(({ rule }) => rule === STALE.rule)?.id ?? "";
      await runOf(1, ALL);
      expect(state.records.lastSeenIn(idOf("run-1"))).toBe("run-1");
      await runOf(2, ALL, { stores: new Set() });
      expect(state.records.lastSeenIn(idOf("run-1"))).toBe("run-2");
      await cutOff(3, ALL);
      expect(state.records.lastSeenIn(idOf("run-1"))).toBe("run-2");
      await runOf(4, [THUMB], { rules: new Set([THUMB.rule]) });
      expect(state.records.lastSeenIn(idOf("run-1"))).toBe("run-2");
      await runOf(5, []);
      expect(state.records.lastSeenIn(idOf("run-1"))).toBeNull();
    });
  });

  describe("a run resolves only what it could have seen", () => {
    const resolvedBy = async (coverage: Partial<Coverage>): Promise<number> => {
      await runOf(1, ALL);
      return (await runOf(2, [], coverage)).resolved;
    };

    it("everything", async () => expect(await resolvedBy({})).toBe(4));
    it("of one store, and the source", async () => expect(await resolvedBy({ stores: new Set(["exchange"]) })).toBe(2));
    it("of one rule", async () => expect(await resolvedBy({ rules: new Set(["missing-thumbnail"]) })).toBe(1));
    it("of one user", async () => expect(await resolvedBy({ userIds: new Set([user("anna").id]) })).toBe(1));
    it("not at an address that could not be read", async () =>
      expect(await resolvedBy({ unreadable: new Set([STALE.address, THUMB.address]) })).toBe(2));

    it("among thousands", async () => {
      const many = Array.from({ length: 1300 }, (_, at) =>
        draft("stale-photo", `u${String(at)}`, `exchange/u${String(at)}`),
      );
      await runOf(1, [...many, ...ALL]);
      expect(await runOf(2, ALL)).toEqual({ new: 0, persisting: 4, resolved: 1300 });
    });
  });

  describe("runs", () => {
    it("that were cut off push out none that came to its end, and are kept as long as these", () => {
      const verdicts = [
        "drift",
        "drift",
        "interrupted",
        "drift",
        "drift",
        ...Array<string>(5).fill("interrupted"),
        "failed",
      ];
      verdicts.forEach((verdict, at) => {
        begin(at + 1);
        finish(at + 1, verdict);
      });
      state.records.prune({ audits: 3, undoSince: "9999" });
      expect(state.records.runs(20).map(({ head }) => `${head.id} ${head.verdict}`)).toEqual([
        "run-11 failed",
        "run-10 interrupted",
        "run-9 interrupted",
        "run-8 interrupted",
        "run-5 drift",
        "run-4 drift",
      ]);
      state.records.prune({ audits: 1, undoSince: "9999" });
      expect(state.records.runs(20).map(({ head }) => head.id)).toEqual(["run-11"]);
    });

    it("that never ended are known with what they were for, and ended ones are not among them", () => {
      for (const at of [1, 2]) begin(at);
      finish(1);
      const [open, ...more] = state.journal.unfinishedRuns();
      expect(more).toEqual([]);
      expect(open).toMatchObject({ id: "run-2", mode: "audit", trigger: "cli", tenant: "contoso.com" });
    });

    it("are listed newest first once they are finished, and make the trend oldest first", async () => {
      for (const at of [1, 2, 3]) {
        begin(at);
        if (at !== 2) finish(at);
      }
      const { records } = state;
      expect(records.runs(10).map(({ head }) => head.id)).toEqual(["run-3", "run-1"]);
      expect(records.lastRun()?.summary.users).toBe(3);
      expect(records.run("run-2")).toBeNull();
      expect(records.trend(10).map(({ runId }) => runId)).toEqual(["run-1", "run-3"]);
      const last = records.lastRun();
      if (last === null) throw new Error("no run");
      begin(4);
      records.finishRun({ ...last.head, id: "run-4" }, { ...last.summary, narrowedTo: ["--store entra"] }, last.cost);
      expect(records.lastRun()?.summary.narrowedTo).toEqual(["--store entra"]);
      expect(records.trend(10).map(({ runId }) => runId)).toEqual(["run-1", "run-3"]);
      expect(records.lastMasterCount()).toBeNull();
      records.saveMasterCount(12);
      expect(records.lastMasterCount()).toBe(12);
      expect(records.lastListSize("consent")).toBeNull();
      records.saveListSize("consent", 3);
      records.saveListSize("pins", 0);
      expect([records.lastListSize("consent"), records.lastListSize("pins")]).toEqual([3, 0]);
      expect(records.lastGroupSize("G")).toBeNull();
      records.saveGroupSize("G", 7);
      expect([records.lastGroupSize("g"), records.lastGroupSize("h")]).toEqual([7, null]);
    });

    it("stand in the order in which they were made, also where the clock was put back between them", async () => {
      const { records, remainder } = state;
      for (const at of [20, 25, 3, 4]) {
        await runOf(at, [STALE]);
        finish(at);
      }
      const ids = [4, 3, 25, 20].map((at) => `run-${String(at)}`);
      expect(records.runs(10).map(({ head }) => head.id)).toEqual(ids);
      expect(records.runsNamed("run-").map(({ head }) => head.id)).toEqual(ids);
      expect(records.lastRun()?.head.id).toBe("run-4");
      expect(records.trend(10).map(({ runId }) => runId)).toEqual(ids.toReversed());
      // What the first run found is nothing that the last one found first.
      expect([...records.findings("run-4")].map(({ firstSeen }) => firstSeen)).toEqual(["2026-01-20T00:00:00.000Z"]);
      expect(["run-20", "run-4"].map((id) => remainder.count(id).fresh)).toEqual([1, 0]);
      records.prune({ audits: 2, undoSince: "" });
      expect(records.runs(10).map(({ head }) => head.id)).toEqual(ids.slice(0, 2));
    });

    it("prune drops the oldest with their findings, and images that nothing names; it keeps what is needed", async () => {
      const { records } = state;
      for (const at of [1, 2, 3]) {
        await runOf(at, [STALE]);
        finish(at);
      }
      const kept = ["cloud", "thumbnail", "master", "retired"];
      for (const shows of [...kept, "nothing"]) {
        const { sha256 } = signed(shows);
        records.saveSignature(signed(shows));
        records.savePreview(sha256, Buffer.from(shows));
        records.savePreview(ofMaster(shows), Buffer.from(`${shows} cropped`));
      }
      records.saveUsers("r", [user("anna")]);
      records.saveCloudPhoto("r", cloudPhoto("anna", { signatureSha: signed("cloud").sha256 }));
      records.saveLibraryFiles("r", [file("anna")]);
      records.saveLibraryReading(file("anna").uniqueId, { signatureSha: signed("thumbnail").sha256, error: null });
      records.saveMaster("r", master("a.jpg", "master"));
      records.assignMaster(user("anna").id, "a.jpg", signed("retired").sha256);
      records.assignMaster(user("anna").id, "a.jpg", signed("master").sha256);
      records.prune({ audits: 2, undoSince: "9999" });
      expect([...records.findings("run-1")]).toEqual([]);
      expect([...records.findings("run-2")]).toHaveLength(1);
      for (const shows of kept) {
        expect((await records.preview(signed(shows).sha256))?.toString()).toBe(shows);
        expect((await records.preview(ofMaster(shows)))?.toString()).toBe(`${shows} cropped`);
      }
      expect(records.signature(signed("nothing").sha256)).toBeNull();
      expect(await records.preview(signed("nothing").sha256)).toBeNull();
      expect(await records.preview(ofMaster("nothing"))).toBeNull();
      // What stands open is not forgotten with the run that found it.
      const [again] = state.records.recordFindings(begin(4), [STALE]);
      expect(again?.firstSeen).toBe("2026-01-01T00:00:00.000Z");
    });
  });
});

/** The key of a master's preview (run/previews.ts). */
function ofMaster(shows: string): string {
  return `${MASTER_PREVIEW}${signed(shows).sha256}:0,0,648,648`;
}
