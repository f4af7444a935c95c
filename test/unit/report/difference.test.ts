import { describe, expect, it } from "vitest";
import { differenceWords } from "../../../src/report/difference.js";

const expected = { width: 1000, height: 1000 };

describe("the difference in words", () => {
  it.each([
    [
      { width: 240, height: 180, verdict: "same", evidence: { framing: "stretched", detailRatio: 0.94 } },
      "The master has 1000 × 1000 pixels, the stored picture has 240 × 180 pixels. It shows the same picture, pressed into another shape.",
    ],
    [
      { verdict: "reframed", evidence: { registration: 0.995 } },
      "Laid over one another, 99 % of the outlines meet: the same face in another crop, or another shot of the same sitting.",
    ],
    [{ verdict: "different", evidence: { hashBits: 32 } }, "Laid over one another, the two faces do not match."],
    [{ verdict: "mirrored", evidence: {} }, "It shows the master turned left to right."],
    [
      { verdict: "recoloured", evidence: { colour: { saturation: 0.01, lightness: 0.8 } } },
      "It shows the same picture. It is black and white, it is darker.",
    ],
    [
      { verdict: "same", evidence: { detailRatio: 0.075 } },
      "It shows the same picture. It has about 8 % of the master's fine detail.",
    ],
    [{ verdict: null, evidence: null }, ""],
    [{}, ""],
  ])("%j", (actual, words) => {
    expect(differenceWords({ expected, actual })).toBe(words);
  });
});
