import { expect, it, vi } from "vitest";
import { shortForm } from "./matrix.js";
import { runMatrix } from "./run-matrix.js";

vi.mock("../../src/stores/http/timer.js", () => import("./fast-timer.js"));
vi.mock("node:timers/promises", async (original) => ({
  ...(await original<object>()),
  setTimeout: (await import("./fast-timer.js")).setTimeoutShortened,
}));

it("each change once, in a phase chosen by the seed, is as written", async () => {
  const seed = Number(process.env["FAULTS_SEED"] ?? "1");
  expect(await runMatrix(shortForm(seed, ["audit", "full-audit", "apply", "undo"]), "Faults in short")).toEqual([]);
});
