import { describe, expect, it } from "vitest";
import { assertNotShrunken } from "../../../src/run/source-guard.js";

describe("a source that lost masters", () => {
  it.each([
    [null, 0, "the first run"],
    [100, 100, "nothing lost"],
    [100, 120, "more than before"],
    [100, 70, "exactly the limit"],
    [9, 1, "too few to say"],
  ])("from %s to %i passes: %s", (before, now, _why) => {
    expect(() => assertNotShrunken(before, now, 30)).not.toThrow();
  });

  it.each([
    [100, 69],
    [10, 0],
  ])("from %i to %i is refused with counts and cure", (before, now) => {
    expect(() => assertNotShrunken(before, now, 30)).toThrow(
      expect.objectContaining({ code: "source-shrunken", errorClass: "refused" }),
    );
  });
});
