import { expect, it } from "vitest";
import { shortTime } from "./short-time.js";

it("every cell of the matrix is as written (full-audit)", async () => {
  shortTime();
  const { runWhole } = await import("./run-matrix.js");
  expect(await runWhole("full-audit")).toEqual([]);
});
