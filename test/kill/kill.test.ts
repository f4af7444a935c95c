import { afterAll, beforeAll, expect, it } from "vitest";
import { DEATHS, JOBS, openStage, type Death, type End, type Job, type Stage, type Step } from "./stage.js";

/** Real processes cut off at real steps. `npm run test:kill` is the whole form. */
const WHOLE = process.env["PHOTODRIFT_KILL"] === "whole";
const EVERY = Number(process.env["PHOTODRIFT_KILL_EVERY"] ?? 4);
/** Points of the short form. */
const FEW = 12;

interface Point {
  readonly job: Job;
  readonly at: number;
  readonly how: Death;
  readonly step: Step;
}

let stage: Stage;
const whole = new Map<Job, { readonly end: End; readonly steps: readonly Step[] }>();

beforeAll(async () => {
  stage = await openStage();
  for (const job of JOBS) whole.set(job, await stage.undisturbed(job));
});
afterAll(() => stage.close());

/** SIGKILL at every step and every other death at each EVERY-th; in the short form a few steps from first to last, each with the next death. */
function points(): readonly Point[] {
  const all = JOBS.flatMap((job) => (whole.get(job)?.steps ?? []).map((step, at) => ({ job, at, step })));
  if (WHOLE)
    return all.flatMap((one, nth) =>
      DEATHS.filter((how, which) => how === "SIGKILL" || (nth + which) % EVERY === 0).map((how) => ({ ...one, how })),
    );
  return Array.from({ length: FEW }, (_, nth) => {
    const one = all[Math.floor(((nth + 0.5) * all.length) / FEW)];
    const how = DEATHS[nth % DEATHS.length];
    if (one === undefined || how === undefined) throw new Error("no steps");
    return { ...one, how };
  });
}

it("writes something of each kind", () => {
  const kinds = new Set([...whole.values()].flatMap(({ steps }) => steps.map(({ kind }) => kind)));
  expect([...kinds].sort()).toEqual(
    ["delete-photo", "delete-thumbnail", "set-picture-properties", "upload-photo", "write-thumbnail"].sort(),
  );
  expect(whole.get("apply")?.end.writes.length).toBeGreaterThan(10);
});

it("a run that was cut off at any step and started again ends like one that never was, with the same writes", async () => {
  const tried = points();
  const rows = new Map<string, { points: number; resumed: number; doubled: number; differing: number }>();
  const wrong: unknown[] = [];
  for (const { job, at, how, step } of tried) {
    const { end, struck, codes, told } = await stage.cutOff(job, at, how);
    if (!struck) continue;
    const wanted = whole.get(job)?.end;
    const name = `${job === "undo" ? "undo: " : ""}${step.kind} ${how}`;
    const row = rows.get(name) ?? { points: 0, resumed: 0, doubled: 0, differing: 0 };
    const differs = end.tenant !== wanted?.tenant;
    const doubled = end.writes.length > (wanted?.writes.length ?? 0);
    row.points++;
    if (differs) row.differing++;
    if (doubled) row.doubled++;
    if (!differs && end.writes.join() === wanted?.writes.join()) row.resumed++;
    else wrong.push({ job, at, how, ...step, codes, ...difference(wanted, end), told: told.slice(0, 2_000) });
    rows.set(name, row);
  }
  console.log(tableOf(rows));
  expect(wrong).toEqual([]);
  expect([...rows.values()].reduce((sum, row) => sum + row.points, 0)).toBeGreaterThan(FEW / 2);
}, 3_600_000);

function difference(wanted: End | undefined, { tenant, writes }: End) {
  const lines = wanted?.tenant.split("\n") ?? [];
  const more = writes.filter((one) => !(wanted?.writes.includes(one) ?? false));
  const less = wanted?.writes.filter((one) => !writes.includes(one));
  const changed = tenant.split("\n").filter((line, nth) => line !== lines[nth]);
  return { more, less, sent: writes.length, wanted: wanted?.writes.length, changed: changed.slice(0, 6) };
}

function tableOf(
  rows: ReadonlyMap<string, { points: number; resumed: number; doubled: number; differing: number }>,
): string {
  const sum = { points: 0, resumed: 0, doubled: 0, differing: 0 };
  for (const row of rows.values())
    for (const key of ["points", "resumed", "doubled", "differing"] as const) sum[key] += row[key];
  const line = (name: string, row: typeof sum): string =>
    name.padEnd(44) + [row.points, row.resumed, row.doubled, row.differing].map((n) => String(n).padStart(10)).join("");
  const head = `${"cut off while writing".padEnd(44)}${["points", "resumed", "doubled", "differing"].map((word) => word.padStart(10)).join("")}`;
  return [
    head,
    ...[...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, row]) => line(name, row)),
    line("all", sum),
  ].join("\n");
}
