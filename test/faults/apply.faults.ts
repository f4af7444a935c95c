import { expect, it, vi } from "vitest";
import { cellsOf } from "./matrix.js";
import { runMatrix } from "./run-matrix.js";

vi.mock("../../src/stores/http/timer.js", () => import("./fast-timer.js"));
vi.mock("node:timers/promises", async (original) => ({
  ...(await original<object>()),
  setTimeout: (await import("./fast-timer.js")).setTimeoutShortened,
}));

it("every cell of the matrix is as written (apply)", async () => {
  const only = process.env["FAULTS_ONLY"] ?? "";
  const cells = cellsOf(["apply", "undo"]).filter(({ mutation, phase }) =>
    `${mutation.id} x ${phase.id}`.includes(only),
  );
  expect(await runMatrix(cells, "Faults in apply runs")).toEqual([]);
});
