import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { DEATHS, killAndResume, prepare, undisturbed, type Death, type Moment } from "./kill-rig.js";
import { KILL_SCENARIOS } from "./kill-worlds.js";
import { removeFolder, tempFolder } from "./rig.js";

/** Besides SIGKILL at every moment, the other ends take turns at every fourth. */
const EVERY = 4;
/** A further audit looks whether anything is left, after every fifth; the bytes of the tenant are compared after all. */
const AUDIT_EVERY = 5;

interface Row {
  points: number;
  resumed: number;
  doubled: number;
  differing: number;
}
const table = new Map<string, Row>();
let folder: string;

beforeEach(() => {
  folder = tempFolder();
});
afterEach(() => removeFolder(folder));

function rowOf(kind: string): Row {
  const row = table.get(kind) ?? { points: 0, resumed: 0, doubled: 0, differing: 0 };
  table.set(kind, row);
  return row;
}

function points(moments: readonly Moment[]): readonly { readonly death: Death; readonly moment: Moment }[] {
  const others = DEATHS.filter((death) => death !== "SIGKILL");
  return moments.flatMap((moment, nth) => {
    const other = nth % EVERY === 0 ? others[(nth / EVERY) % others.length] : undefined;
    const deaths: readonly Death[] = other === undefined ? ["SIGKILL"] : ["SIGKILL", other];
    return deaths.map((death) => ({ death, moment }));
  });
}

function total(): Row {
  const sum = (name: keyof Row) => [...table.values()].reduce((total, row) => total + row[name], 0);
  return { points: sum("points"), resumed: sum("resumed"), doubled: sum("doubled"), differing: sum("differing") };
}

/** Writes that reached the tenant more often than in the run that was not disturbed. */
function doubled(writes: readonly string[], wanted: readonly string[]): readonly string[] {
  const left = [...wanted];
  return writes.filter((write) => {
    const at = left.indexOf(write);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

describe("a run that is cut off at any moment, and the same command once more", () => {
  it.each(KILL_SCENARIOS)("$name: same end byte for byte, no write twice", { timeout: 120_000 }, async (scenario) => {
    const template = await prepare(scenario, folder);
    const { end, moments } = await undisturbed(template);
    const faults: string[] = [];
    for (const [nth, { death, moment }] of points(moments).entries()) {
      const where = `${death} at ${String(moment.at)} ${moment.step}`;
      const row = rowOf(`${scenario.done === undefined ? "" : "undo: "}${moment.kind ?? "between"}`);
      row.points++;
      const found = await killAndResume(template, death, moment, {
        name: String(nth),
        audited: nth % AUDIT_EVERY === 0,
      });
      const twice = doubled(found.end.writes, end.writes);
      const same = found.end.tenant === end.tenant && found.end.writes.length === end.writes.length;
      row.doubled += twice.length;
      if (!same) row.differing++;
      const whole = found.integrity === "ok" && found.open === 0 && found.lost === 0 && found.left.length === 0;
      if (same && whole && twice.length === 0) row.resumed++;
      else
        faults.push(`${where}: twice ${twice.join()}; ${JSON.stringify({ ...found, end: same ? "same" : "differs" })}`);
    }
    expect(faults).toEqual([]);
  });

  it("was tried at 300 points or more, in every kind of write", () => {
    const kinds = ["upload-photo", "delete-photo", "write-thumbnail", "delete-thumbnail", "set-picture-properties"];
    for (const kind of kinds) expect([...table.keys()]).toEqual(expect.arrayContaining([kind, `undo: ${kind}`]));
    expect(total().points).toBeGreaterThanOrEqual(300);
    expect(total()).toMatchObject({ resumed: total().points, doubled: 0, differing: 0 });
  });

  afterAll(() => {
    const rows = [...table].sort(([a], [b]) => (a < b ? -1 : 1));
    const lines = [...rows, ["all", total()] as const].map(([kind, row]) =>
      [kind.padEnd(30), ...Object.values(row).map((count: number) => String(count).padStart(10))].join(""),
    );
    process.stdout.write(
      `\n${"cut off while writing".padEnd(30)}${["points", "resumed", "doubled", "differing"].map((name) => name.padStart(10)).join("")}\n${lines.join("\n")}\n`,
    );
  });
});
