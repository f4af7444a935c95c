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
      { verdict: "recoloured", evidence: { colour: { saturation: 1.09, lightness: 1.046, contrast: 0.87 } } },
      "It shows the same picture. Its colours are stronger, it is lighter, its contrast is flatter.",
    ],
    [
      {
        verdict: "recoloured",
        evidence: { colour: { saturation: 1.02, contrast: 1.05, changedShare: 0.31, spot: 22 } },
      },
      "It shows the same picture. About 31 % of it has other colours, as another backdrop has.",
    ],
    [
      { verdict: "recoloured", evidence: { colour: { saturation: null, changedShare: 0.012, spot: 40 } } },
      "It shows the same picture. A small part of it is changed, as by a logo or a mark.",
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
