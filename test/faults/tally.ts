import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The tables of one command come out of several processes: each notes its numbers in a file, and the sum is the last line printed. */
export default async function tally(): Promise<() => Promise<void>> {
  const dir = await mkdtemp(join(tmpdir(), "photodrift-tally-"));
  const file = join(dir, "cells");
  process.env["FAULTS_TALLY"] = file;
  return async () => {
    const rows = (await readFile(file, "utf8").catch(() => "")).split("\n").filter((row) => row !== "");
    await rm(dir, { recursive: true });
    const [cells, others] = [0, 1].map((at) => rows.reduce((sum, row) => sum + Number(row.split(" ")[at]), 0));
    const told = others === 0 ? "all as expected" : `${String(others)} not as expected`;
    if (rows.length > 0) console.log(`\nFault matrix: ${String(cells)} cells, ${told}`);
  };
}
