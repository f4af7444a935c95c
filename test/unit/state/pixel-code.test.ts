import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256Of } from "../../../src/files/digest.js";
import { CHANCES, SIZE_WEIGHTS, STIR_FROM } from "../../../src/state/pixels/likelihoods.js";
import { codePixels, planesFrom, planesOf, readPixels, type Pixels } from "../../../src/state/pixels/pixel-code.js";
import { signed } from "./made.js";
import { levelsOf, pixelsOf } from "./slow-waves.js";
import { draw } from "../compare/photo/signed.js";
import { sitter } from "../image/pictures.js";

const plane = (side: number): fc.Arbitrary<Uint8Array> =>
  fc.tuple(fc.integer(), fc.nat(255), fc.constantFrom(0, 1, 40, 255)).map(([seed, base, noise]) => {
    let state = seed;
    return Uint8Array.from({ length: side * side }, (_, at) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const slope = (at % side) * 2;
      return Math.max(0, Math.min(255, base + slope + ((state >>> 24) * noise) / 255));
    });
  });
const chroma = fc.tuple(plane(16), plane(16)).map(([cb, cr]) => Uint8Array.of(...cb, ...cr));
const pixels: fc.Arbitrary<Pixels> = fc.oneof(
  plane(64).map((luma) => ({ luma })),
  fc.tuple(plane(64), chroma).map(([luma, colours]) => ({ luma, chroma: colours })),
  fc.tuple(plane(64), plane(16)).map(([luma, texture]) => ({ luma, texture })),
  fc.tuple(plane(64), chroma, plane(16)).map(([luma, colours, texture]) => ({ luma, chroma: colours, texture })),
);

function rootMeanSquare(a: Uint8Array, b: Uint8Array): number {
  expect(b).toHaveLength(a.length);
  return Math.sqrt(a.reduce((sum, value, at) => sum + (value - b[at]!) ** 2, 0) / a.length);
}

/** A slope, an edge and noise. */
function drawn(side: number, seed: number, noise: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: side * side }, (_, at) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const [x, y] = [at % side, Math.floor(at / side)];
    const edge = x * 2 > side !== y * 3 > side ? 35 : 0;
    const value = 60 + (x * 90) / side + (y * 40) / side + edge + ((state >>> 24) * noise) / 255;
    return Math.max(0, Math.min(255, Math.round(value)));
  });
}

/** What the state keeps of pixels, whatever form they are coded in: waves in steps. */
function inSteps(pixels: Pixels): Pixels {
  const [luma, ...others] = planesFrom(pixels).map((each) => pixelsOf(levelsOf(each.pixels, each.plane), each.plane));
  const texture = pixels.texture === undefined ? {} : { texture: others.pop()! };
  return {
    luma: luma!,
    ...(others.length > 0 ? { chroma: Uint8Array.of(...others[0]!, ...others[1]!) } : {}),
    ...texture,
  };
}

describe("coded pixels", () => {
  it("come back within two or three grey levels, with colours where there were colours", () => {
    fc.assert(
      fc.property(pixels, (before) => {
        const bytes = codePixels(before);
        const after = readPixels(bytes);
        expect(rootMeanSquare(before.luma, after.luma)).toBeLessThan(2.6);
        expect(planesOf(bytes)).toMatchObject({
          chroma: before.chroma !== undefined,
          texture: before.texture !== undefined,
        });
        expect(Object.keys(after).sort()).toEqual(Object.keys(before).sort());
        if (before.chroma !== undefined) {
          expect(rootMeanSquare(before.chroma, after.chroma ?? before.luma)).toBeLessThan(1.2);
        }
        if (before.texture !== undefined) {
          expect(rootMeanSquare(before.texture, after.texture ?? before.luma)).toBeLessThan(1.6);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("of a portrait take less than half of their room", async () => {
    for (const place of [0, 5, 9]) {
      const { signature } = await draw(sitter(place), 300);
      expect(codePixels(signature).length).toBeLessThan(2304);
    }
  });

  it("come back as the same waves in the same steps, to the bit, whatever the picture", () => {
    fc.assert(
      fc.property(pixels, (before) => {
        expect(readPixels(codePixels(before))).toEqual(inSteps(before));
      }),
      {
        numRuns: 200,
      },
    );
    const white = new Uint8Array(4096).fill(255);
    const checked = Uint8Array.from({ length: 4096 }, (_, at) => ((at + (at >> 6)) % 2) * 255);
    for (const luma of [white, checked, new Uint8Array(4096)]) {
      expect(readPixels(codePixels({ luma }))).toEqual(inSteps({ luma }));
    }
  });

  it.each([
    [
      "Ab/wN8Ae5MVwoausLu6HdIR+1m5D+CbqvUNBdBWQ80uU9WZN1lKpIv5Ib0c72WndHLGrrDYjYkK3o2N97rl04fTv7OzQD/VH3y69/hu1oOKRmY+a/izECALUB5Ipu2Hq/jaHFe2QkrfeZk5sIAYqPTxdbzcGL8glvlBKWcd7HWxNP9AnCkXVYRrXKqCQGAPv8Rh5JLJkfMqMRyyHDpv0gl6g2w2FMez5W5v0weHU7CQFTwCk1t42x680E1W2Q6jkhfCxsRpIdPufH/UojgVbnz00xcbz/3CFp8sGpSm79T81K364SINeU8hWkxh+FZbzfkiV9MeAcwDZCyIRcOXHqsYhd54ahFA7egMjCLZMFLueDenaGnrLTEFws20/PAugH5pgQf3Xu9VaXU6VJxYUGPe7HjKkUWtP/3AyU+EWlossBx0sC3th8bIraiNISNMsdY8kOFeIPomxiarutQ==",
      [],
    ],
    [
      "Ar/wN8Ae5MVwoausLu6HdIR+1m5D+CbqvUNBdBWQ80uU9WZN1lKpIv5Ib0c72WndHLGrrDYjYkK3o2N97rl04fTv7OzQD/VH3y69/hu1oOKRmY+a/izECALUB5Ipu2Hq/jaHFe2QkrfeZk5sIAYqPTxdbzcGL8glvlBKWcd7HWxNP9AnCkXVYRrXKqCQGAPv8Rh5JLJkfMqMRyyHDpv0gl6g2w2FMez5W5v0weHU7CQFTwCk1t42x680E1W2Q6jkhfCxsRpIdPufH/UojgVbnz00xcbz/3CFp8sGpSm79T81K364SINeU8hWkxh+FZbzfkiV9MeAcwDZCyIRcOXHqsYhd54ahFA7egMjCLZMFLueDenaGnrLTEFws20/PAugH5pgQf3Xu9VaXU6VJxYUGPe7HjKkUWtP/3AyU+EWlossBx0sC3th8bIraiNISNMsdY8kOFeIPomxicyxPFhiTzaz4qQ6KSczhqdjMODXkYTZ/A3Ta+aKEyn7H5vA+iP7L6Gn80jZTWnIutFxxbSSlduIY5DVpvvugnFuB0G58ZADM6URIQJ/wv4kcehM4ltiZfCN5muoGmRVzqrP+S9PGaqKIsk6xmO29RbFmLAr1xrZjQtUxMhg2W6MK0Wh8JbJrMCGA60A/gOPKZ6Q6yMZ3MmaSqUQ1fLkk7cdMjdHGlJFQUo67cd0Zih7sTHc0iN0kJDhVmEzcymiyWo=",
      ["chroma"],
    ],
    [
      "A7/wN8Ae5MVwoausLu6HdIR+1m5D+CbqvUNBdBWQ80uU9WZN1lKpIv5Ib0c72WndHLGrrDYjYkK3o2N97rl04fTv7OzQD/VH3y69/hu1oOKRmY+a/izECALUB5Ipu2Hq/jaHFe2QkrfeZk5sIAYqPTxdbzcGL8glvlBKWcd7HWxNP9AnCkXVYRrXKqCQGAPv8Rh5JLJkfMqMRyyHDpv0gl6g2w2FMez5W5v0weHU7CQFTwCk1t42x680E1W2Q6jkhfCxsRpIdPufH/UojgVbnz00xcbz/3CFp8sGpSm79T81K364SINeU8hWkxh+FZbzfkiV9MeAcwDZCyIRcOXHqsYhd54ahFA7egMjCLZMFLueDenaGnrLTEFws20/PAugH5pgQf3Xu9VaXU6VJxYUGPe7HjKkUWtP/3AyU+EWlossBx0sC3th8bIraiNISNMsdY8kOFeIPomxicyxPFhiTzaz4qQ6KSczhqdjMODXkYTZ/A3Ta+aKEyn7H5vA+iP7L6Gn80jZTWnIutFxxbSSlduIY5DVpvvugnFuB0G58ZADM6URIQJ/wv4kcehM4ltiZfCN5muoGmRVzqrP+S9PGaqKIsk6xmO29RbFmLAr1xrZjQtUxMhg2W6MK0Wh8JbJrMCGA60A/gOPKZ6Q6yMZ3MmaSqUQ1fLkk7cdMjdHGlJFQUo67cd0Zih7sTHc0iN0kJDhVmEzcyrBcQqf3/TTt/bIzCixHEuBmKNjfp+/iAwtnBZ91d/t5HvOtF6Dau98RmetvGESJ8VQcBRNKA7+bvWk/Kvt5Rnjbn7XefKy1iKniveF57c6p5B8zS7DYcxjSeF604y+6ysTQERsPCbKK1Z1zD87w76PiGK7bOwAtHDuSt0wLMaV6fOGd+IITWb/7djY",
      ["chroma", "texture"],
    ],
    [
      "BL/wN8Ae5MVwoausLu6HdIR+1m5D+CbqvUNBdBWQ80uU9WZN1lKpIv5Ib0c72WndHLGrrDYjYkK3o2N97rl04fTv7OzQD/VH3y69/hu1oOKRmY+a/izECALUB5Ipu2Hq/jaHFe2QkrfeZk5sIAYqPTxdbzcGL8glvlBKWcd7HWxNP9AnCkXVYRrXKqCQGAPv8Rh5JLJkfMqMRyyHDpv0gl6g2w2FMez5W5v0weHU7CQFTwCk1t42x680E1W2Q6jkhfCxsRpIdPufH/UojgVbnz00xcbz/3CFp8sGpSm79T81K364SINeU8hWkxh+FZbzfkiV9MeAcwDZCyIRcOXHqsYhd54ahFA7egMjCLZMFLueDenaGnrLTEFws20/PAugH5pgQf3Xu9VaXU6VJxYUGPe7HjKkUWtP/3AyU+EWlossBx0sC3th8bIraiNISNMsdY8kOFeIPomxicyxHutJ09+lMLXlOB2xx2ipTtapb/oWrQMPrOc7XpwFyb1EjFoXyFk487WHeysmLoxowzz9Y2WkH+Kx47ehkkLSTzJJiS50/Q+IWgDiuJZfQKYzZDH5/+CORoTDxrW/2OQtM4W0H993IocxEL1c/dPhg2uUnFqEz4TT1E6p2rpqw3IBy/H+YxiPYKxvJ+IOYA==",
      ["texture"],
    ],
  ] as const)("in a form of before are read as the same waves in the same steps: %#", (coded, beside) => {
    const all = {
      chroma: Uint8Array.of(...drawn(16, 2, 3), ...drawn(16, 3, 3)),
      texture: drawn(16, 4, 20),
    };
    const before = { luma: drawn(64, 1, 6), ...Object.fromEntries(beside.map((name) => [name, all[name]])) };
    const bytes = Buffer.from(coded, "base64");
    expect(readPixels(bytes)).toEqual(inSteps(before));
    expect(planesOf(bytes)).toMatchObject({
      chroma: "chroma" in before,
      texture: "texture" in before,
    });
    expect(codePixels(before).length).toBeLessThan(bytes.length);
  });

  it("keep the likelihoods that files were coded with", () => {
    // Another sum: pixels of existing files can not be read any more. Add another form instead.
    const lists = JSON.stringify([SIZE_WEIGHTS, STIR_FROM, [...CHANCES]]);
    expect(sha256Of(Buffer.from(lists))).toBe("8fa374d44c5b8c98b9f3e6d7db7b8f4af82c3b62be94f6f3c145c3aced71ba89");
  });

  it("never have a length by which pixels as they are would be known", () => {
    const lengths = new Set<number>();
    for (let noise = 0; noise < 256; noise++) lengths.add(codePixels({ luma: drawn(64, 7, noise) }).length);
    expect(lengths.size).toBeGreaterThan(100);
    expect([4096, 4608].filter((length) => lengths.has(length))).toEqual([]);
  });

  it("of former versions are read as they are", () => {
    const { luma } = signed("anna");
    const chroma = new Uint8Array(512).map((_, at) => at & 0xff);
    expect(readPixels(Buffer.from(luma))).toEqual({ luma });
    expect(readPixels(Buffer.concat([luma, chroma]))).toEqual({ luma, chroma });
    expect([Buffer.from(luma), Buffer.concat([luma, chroma])].map((bytes) => planesOf(bytes).chroma)).toEqual([
      false,
      true,
    ]);
  });
});
