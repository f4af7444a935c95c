import { expect, it } from "vitest";
import { shortTime } from "./short-time.js";

/** Milliseconds; a loaded machine takes its time, the cells are bounded by themselves. */
const PATIENCE = 1_800_000;

it(
  "each change once, in a phase that the seed chooses, is as written",
  async () => {
    shortTime();
    const { runShort } = await import("./run-matrix.js");
    expect(await runShort(Number(process.env["FAULTS_SEED"] ?? "1"))).toEqual([]);
  },
  PATIENCE,
);
