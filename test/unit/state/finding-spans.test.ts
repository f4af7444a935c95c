import Database from "better-sqlite3";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openState } from "../../../src/state/index.js";
import { findingSpans, type FindingRow } from "../../../src/state/sqlite/finding-spans.js";
import { MIGRATIONS } from "../../../src/state/sqlite/migrations.js";
import { temporaryState } from "./made.js";

const RUNS = 6;
const runId = (at: number): string => `run-${String(at)}`;

type Step =
  | { readonly kind: "put"; readonly run: number; readonly key: number; readonly text: number }
  | { readonly kind: "remove"; readonly run: number; readonly key: number }
  | { readonly kind: "carry"; readonly run: number; readonly to: number }
  | { readonly kind: "drop"; readonly run: number };

const run = fc.nat({ max: RUNS - 1 });
const key = fc.nat({ max: 3 });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("put"), run, key, text: fc.nat({ max: 1 }) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("remove"), run, key }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("carry"), run, to: run }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("drop"), run }) },
  ),
  { maxLength: 60 },
);

const rowOf = (at: number, text: number): FindingRow => ({
  sort_key: `key-${String(at % 2)}`,
  id: `id-${String(at)}`,
  json: `{"text":${String(text)}}`,
});

describe("findings of all runs, each text once", () => {
  it("each run has what a table of its own would have, whatever was written, removed, carried and dropped", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const state = temporaryState();
        const spans = findingSpans(state.db);
        const tables = new Map<number, Map<number, number>>();
        for (let at = 0; at < RUNS; at++) {
          const startedAt = `2026-01-0${String(at + 1)}T00:00:00Z`;
          state.records.beginRun({ id: runId(at), mode: "audit", trigger: "cli", tenant: "t", startedAt });
          tables.set(at, new Map());
        }
        for (const step of all) {
          const table = tables.get(step.run);
          if (table === undefined) continue;
          if (step.kind === "put") {
            spans.put(runId(step.run), rowOf(step.key, step.text));
            table.set(step.key, step.text);
          } else if (step.kind === "remove") {
            spans.remove(runId(step.run), rowOf(step.key, 0));
            table.delete(step.key);
          } else if (step.kind === "carry") {
            const to = tables.get(step.to);
            if (to === undefined) continue;
            spans.carry(runId(step.run), runId(step.to));
            for (const [at, text] of table) if (!to.has(at)) to.set(at, text);
          } else {
            state.db.prepare("DELETE FROM runs WHERE id = ?").run(runId(step.run));
            spans.prune();
            tables.delete(step.run);
          }
        }
        for (let at = 0; at < RUNS; at++) {
          const wanted = [...(tables.get(at) ?? [])]
            .map(([each, text]) => rowOf(each, text))
            .sort((a, b) => (`${a.sort_key}${a.id}` < `${b.sort_key}${b.id}` ? -1 : 1));
          const found = [...spans.of(runId(at))].map(({ sort_key, id, json }) => ({ sort_key, id, json }));
          expect(found).toEqual(wanted);
        }
        state.remove();
      }),
      { numRuns: 60 },
    );
  });

  it("a run in which nothing changed adds neither a text nor a span", () => {
    const state = temporaryState();
    const spans = findingSpans(state.db);
    const size = (): unknown =>
      state.db
        .prepare("SELECT (SELECT count(*) FROM finding_texts) AS texts, (SELECT count(*) FROM finding_spans) AS spans")
        .get();
    for (let at = 0; at < 5; at++) {
      const startedAt = `2026-01-0${String(at + 1)}T00:00:00Z`;
      state.records.beginRun({ id: runId(at), mode: "audit", trigger: "cli", tenant: "t", startedAt });
      for (let each = 0; each < 4; each++) spans.put(runId(at), rowOf(each, 0));
      expect(size()).toEqual({ texts: 4, spans: 4 });
    }
    state.remove();
  });

  it("a state file with a row in each run tells the same of each run after it was brought to today's schema", () => {
    const folder = mkdtempSync(join(tmpdir(), "photodrift-spans-"));
    const path = join(folder, "state.db");
    const db = new Database(path);
    const before = MIGRATIONS.findIndex((step) => step.includes("finding_spans"));
    for (const step of MIGRATIONS.slice(0, before)) db.exec(step);
    db.pragma(`user_version = ${String(before)}`);
    const had = new Map<number, FindingRow[]>();
    for (let at = 0; at < 5; at++) {
      db.prepare("INSERT INTO runs(id, mode, trigger, tenant, started_at) VALUES (?, 'audit', 'cli', 't', ?)").run(
        runId(at),
        `2026-01-0${String(5 - at)}T00:00:00Z`,
      );
      // One in every run, one in every second, one whose text changes.
      const rows = [rowOf(0, 0), ...(at % 2 === 0 ? [rowOf(1, 0)] : []), rowOf(2, at < 2 ? 0 : 1)];
      had.set(at, rows);
      for (const row of rows) {
        db.prepare("INSERT INTO findings VALUES (?, ?, ?, ?)").run(runId(at), row.sort_key, row.id, row.json);
      }
    }
    db.close();
    const state = openState(path, null);
    const byKey = (a: FindingRow, b: FindingRow): number => (a.sort_key + a.id < b.sort_key + b.id ? -1 : 1);
    for (const [at, rows] of had) {
      const texts = [...state.records.findings(runId(at))].map((finding) => JSON.stringify(finding));
      expect(texts).toEqual([...rows].sort(byKey).map(({ json }) => json));
    }
    expect(state.db.prepare("SELECT count(*) AS n FROM finding_texts").get()).toEqual({ n: 4 });
    state.close();
    rmSync(folder, { recursive: true, force: true });
  });
});
