import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import { coloursAgree, decide, renditionsAgree } from "../../../../src/compare/photo/index.js";
import { RESTYLES, TONES } from "../../../support/restyles.mjs";
import { ANNA, BORIS, portrait } from "../../image/pictures.js";
import { type Drawn, draw, images, openDrawn, referencesOf, stored } from "./signed.js";

const SIDES = [96, 240, 648];

async function verdictOf(drawn: Drawn, bytes: Buffer) {
  const rendition = await images.sign(bytes);
  return decide(await referencesOf(drawn, rendition), rendition);
}

const RESTYLED = { ...RESTYLES, "contrast 0.6": TONES["contrast 0.6"], "contrast 1.3": TONES["contrast 1.3"] };

describe("the master in other colours or tones", () => {
  it.each(Object.entries(RESTYLED))("%s is recoloured, at every size and either way round", async (name, restyle) => {
    const bytes = await portrait(ANNA);
    const restyled = await restyle(sharp(bytes)).jpeg({ quality: 92 }).toBuffer();
    const [anna, other] = [await openDrawn(bytes), await openDrawn(restyled)];
    for (const side of SIDES) {
      const rendition = await stored(restyled, side);
      const verdict = decide(await referencesOf(anna, rendition), rendition);
      expect(verdict).toMatchObject({ kind: "recoloured", upscaled: false });
      expect(verdict.evidence.colour).not.toBeNull();
      const back = await stored(bytes, side);
      // The way back from a saturation of 1.25 is one of 0.8, within what a lost profile does.
      if (name !== "saturation 1.25") expect(decide(await referencesOf(other, back), back).kind).toBe("recoloured");
      expect(renditionsAgree(rendition, back)).toBe(false);
    }
  });

  it.each(["#ffffff", "#c8ccd0", "#3c6ebe"])(
    "a backdrop of %s in place of the master's is never the same",
    async (backdrop) => {
      const anna = await draw(ANNA);
      const rendition = await stored(await portrait({ ...ANNA, backdrop }), 240);
      expect(decide(await referencesOf(anna, rendition), rendition).kind).not.toBe("same");
    },
  );

  /** Backdrops that are hardly lighter, darker or more coloured than the master's of #c9c3ba, as a photographer changes them. */
  it.each(["#ddd7ce", "#b5afa6", "#bfc3c8", "#d6c3a6"])(
    "a backdrop of %s in place of a nearly equal one is seen in a thumbnail of 48 px, too",
    async (backdrop) => {
      const sitter = { ...ANNA, backdrop: "#c9c3ba" };
      const anna = await draw(sitter);
      const bytes = await portrait({ ...sitter, backdrop });
      for (const side of [48, 72, 96, 240]) {
        for (const quality of [60, 82, 95]) {
          const rendition = await stored(bytes, side, undefined, quality);
          expect(decide(await referencesOf(anna, rendition), rendition).kind, `${side} px, q${quality}`).toBe(
            "recoloured",
          );
        }
      }
    },
  );

  it.each([
    ["bricks and a green shirt", { backdrop: "#7a4038", shirt: "#1d9a6c", hair: "#3a241c" }],
    ["leaves and a red shirt", { backdrop: "#4a5a2c", shirt: "#c0242c", hair: "#2a1a14" }],
    ["grey and a blue shirt", { backdrop: "#8a9098", shirt: "#2c4c8c", hair: "#5a4030" }],
    ["beige and brown", { backdrop: "#cdbfa8", shirt: "#6a5038", hair: "#8a6a48" }],
  ])("a quarter more or less saturation is seen before %s, at every quality", async (_, colours) => {
    const bytes = await portrait({ ...ANNA, ...colours });
    const anna = await openDrawn(bytes);
    for (const [side, quality, saturation] of [96, 240].flatMap((px) =>
      [60, 75, 95].flatMap((q) => [0.75, 1.25].map((share) => [px, q, share] as const)),
    )) {
      const rendition = await stored(bytes, side, (image) => image.modulate({ saturation }), quality);
      const { kind } = decide(await referencesOf(anna, rendition), rendition);
      expect(kind, `x${saturation}, ${side} px, q${quality}`).toBe("recoloured");
    }
  });

  /** In a corner where the picture shows nothing, which no correlation asks. */
  it.each(["#0066cc", "#ffffff", "#101010"])(
    "a mark of %s in a tenth of the sides is seen at every size",
    async (fill) => {
      const anna = await draw(ANNA);
      for (const side of [48, 72, 96, 240, 648]) {
        const mark = Buffer.from(
          `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 100 100"><rect x="4" y="4" width="12" height="12" fill="${fill}"/></svg>`,
        );
        const rendition = await stored(anna.bytes, side, (image) => image.composite([{ input: mark }]), 75);
        expect(decide(await referencesOf(anna, rendition), rendition).kind, `${side} px`).not.toBe("same");
      }
    },
  );

  it("an eighth of the picture in another shade is seen, but in a small JPEG whose blocks are seen, too", async () => {
    const bytes = await portrait(ANNA);
    const agree = async (side: number, jpegQuality: number | null) => {
      const anna = await stored(bytes, side);
      const luma = anna.luma.map((value, at) => (at < 8 * 64 ? Math.min(255, value + 20) : value));
      return coloursAgree(anna, { ...anna, luma, jpegQuality });
    };
    expect(await Promise.all([95, 60, null].map((quality) => agree(96, quality)))).toEqual([false, false, false]);
    expect(await Promise.all([59, 30].map((quality) => agree(96, quality)))).toEqual([true, true]);
    expect(await Promise.all([95, 60, 59, 30].map((quality) => agree(240, quality)))).toEqual(Array(4).fill(false));
  });

  it("another person in other colours is another person", async () => {
    const anna = await draw(ANNA);
    for (const restyle of Object.values(RESTYLED)) {
      const rendition = await stored(await portrait(BORIS), 96, restyle);
      expect(decide(await referencesOf(anna, rendition), rendition).kind).toBe("different");
    }
  });
});

/** What services and tools do to a picture without anybody wanting other colours. */
const REENCODED: Readonly<Record<string, (image: Sharp) => Promise<Buffer>>> = {
  "JPEG q60, 4:2:0": (image) => image.jpeg({ quality: 60 }).toBuffer(),
  "JPEG q30": (image) => image.jpeg({ quality: 30 }).toBuffer(),
  "JPEG 4:4:4": (image) => image.jpeg({ quality: 85, chromaSubsampling: "4:4:4" }).toBuffer(),
  mozjpeg: (image) => image.jpeg({ quality: 75, mozjpeg: true }).toBuffer(),
  WebP: (image) => image.webp({ quality: 70 }).toBuffer(),
  "PNG of 64 colours": (image) => image.png({ palette: true, colours: 64 }).toBuffer(),
  sharpened: (image) => image.sharpen({ sigma: 1 }).jpeg({ quality: 85 }).toBuffer(),
  "Display P3 with its profile": (image) => image.withIccProfile("p3").jpeg({ quality: 85 }).toBuffer(),
  "Display P3 that lost its profile": async (image) =>
    sharp(withoutProfile(await image.withIccProfile("p3").png().toBuffer()))
      .jpeg({ quality: 85 })
      .toBuffer(),
};

/** The same pixel numbers without the chunks that tell their colours. */
function withoutProfile(png: Buffer): Buffer {
  const parts = [png.subarray(0, 8)];
  for (let at = 8; at < png.length;) {
    const end = at + 12 + png.readUInt32BE(at);
    if (!["iCCP", "gAMA", "cHRM", "sRGB"].includes(png.toString("latin1", at + 4, at + 8)))
      parts.push(png.subarray(at, end));
    at = end;
  }
  return Buffer.concat(parts);
}

const MASTERS: Readonly<Record<string, (image: Sharp) => Promise<Buffer>>> = {
  sRGB: (image) => image.jpeg({ quality: 92 }).toBuffer(),
  grey: (image) => image.toColourspace("b-w").jpeg({ quality: 92 }).toBuffer(),
  CMYK: (image) => image.toColourspace("cmyk").withIccProfile("cmyk").jpeg({ quality: 92 }).toBuffer(),
  "Display P3": (image) => image.withIccProfile("p3").jpeg({ quality: 92 }).toBuffer(),
};

describe("what services do to colours", () => {
  it.each(Object.entries(MASTERS))("a re-encoded rendition of a master in %s is the same", async (_, make) => {
    const bytes = await make(sharp(await portrait(ANNA)));
    const drawn = await openDrawn(bytes);
    for (const [name, reencode] of Object.entries(REENCODED)) {
      for (const side of [48, 96, 240]) {
        const rendition = await reencode(sharp(bytes).resize(side, side));
        expect((await verdictOf(drawn, rendition)).kind, `${name} at ${side} px`).toBe("same");
      }
    }
  });

  it("colours that nobody knows agree with all: signatures of older recipes have luma only", async () => {
    const bytes = await portrait(ANNA);
    const [colour, grey] = [await stored(bytes, 96), await stored(bytes, 96, (image) => image.greyscale())];
    const { chroma: _, ...older } = colour;
    expect(coloursAgree(colour, grey)).toBe(false);
    expect(coloursAgree(older, grey)).toBe(true);
    expect(renditionsAgree(older, grey)).toBe(true);
  });
});

type Rgb = readonly number[];

/** Linear sRGB to linear light of the space: products of the matrices of IEC 61966-2-1, SMPTE EG 432-1 and Adobe RGB (1998) 4.3.4. */
const SPACES: Readonly<Record<string, { readonly matrix: readonly Rgb[]; readonly curve: (light: number) => number }>> =
  {
    "Display P3": {
      matrix: [
        [0.8225, 0.1775, 0],
        [0.0332, 0.9668, 0],
        [0.0171, 0.0724, 0.9105],
      ],
      curve: (light) => (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055),
    },
    "Adobe RGB": {
      matrix: [
        [0.7152, 0.2848, 0],
        [0, 1, 0],
        [0, 0.0412, 0.9588],
      ],
      curve: (light) => light ** (256 / 563),
    },
  };

/** A picture in the numbers of the space, as whoever ignores profiles sees them. */
async function numbersIn(space: string, bytes: Buffer): Promise<Buffer> {
  const { matrix, curve } = SPACES[space]!;
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const linear = Float64Array.from({ length: 256 }, (_, value) =>
    value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
  );
  const out = Buffer.alloc(data.length);
  for (let at = 0; at < data.length; at += 3) {
    const light = [0, 1, 2].map((channel) => linear[data[at + channel]!]!);
    matrix.forEach((row, channel) => {
      out[at + channel] = Math.round(255 * curve(row.reduce((sum, weight, k) => sum + weight * light[k]!, 0)));
    });
  }
  const { width, height } = info;
  return sharp(out, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 95, chromaSubsampling: "4:4:4" })
    .toBuffer();
}

describe.each(Object.keys(SPACES))("a profile of %s that somebody ignored", (space) => {
  it.each([ANNA, BORIS])("is no new style: neither in the store nor in the master ($#)", async (sitter) => {
    const right = await portrait(sitter);
    const ignored = await numbersIn(space, right);
    const [master, other] = [await openDrawn(right), await openDrawn(ignored)];
    for (const side of SIDES) {
      const [shown, misread] = [await stored(right, side), await stored(ignored, side)];
      expect(decide(await referencesOf(master, misread), misread).kind, `lost at ${side} px`).toBe("same");
      expect(decide(await referencesOf(other, shown), shown).kind, `lost by the master at ${side} px`).toBe("same");
      expect(renditionsAgree(shown, misread)).toBe(true);
    }
  });

  it("does not excuse what was changed besides", async () => {
    const right = await portrait(ANNA);
    const ignored = await numbersIn(space, right);
    const anna = await openDrawn(right);
    for (const name of [
      "black and white",
      "600 K warmer",
      "600 K cooler",
      "brightness 0.85",
      "brightness 1.15",
    ] as const) {
      const rendition = await stored(ignored, 240, RESTYLED[name]);
      expect(decide(await referencesOf(anna, rendition), rendition).kind, name).toBe("recoloured");
    }
  });
});
