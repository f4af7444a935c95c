import { expect, it } from "vitest";
import { shortTime } from "./short-time.js";

it("every cell of the matrix is as written (undo)", async () => {
  shortTime();
  const { runWhole } = await import("./run-matrix.js");
  expect(await runWhole("undo")).toEqual([]);
});
