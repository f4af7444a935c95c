import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import { decide } from "../../../../src/compare/photo/index.js";
import type { PhotoVerdict } from "../../../../src/model/photo.js";
import { ANNA, BORIS, portrait, type Sitter, sitter } from "../../image/pictures.js";
import { images, openDrawn, referencesOf } from "./signed.js";

/** A picture of which the master is the middle, so that another frame finds its pixels outside of it. */
const PICTURE = 900;
const SIDE = 760;
const SITTERS: readonly Sitter[] = [
  { ...ANNA, backdrop: "#2f6fb0" },
  { ...BORIS, backdrop: "#d9c9a0" },
  ...[3, 5, 8].map((seed) => ({ ...sitter(seed), backdrop: "#e9eef2" })),
];

/** Another frame of the same picture: shifts and reduction as shares of the master's side. */
interface Slip {
  readonly x: number;
  readonly y: number;
  readonly closer: number;
}

const SLIPS: readonly Slip[] = [
  ...[0.005, 0.01, 0.0125, 0.015, 0.0175, 0.02, 0.0225, 0.025, 0.03].flatMap((by) => [
    { x: by, y: 0, closer: 0 },
    { x: 0, y: -by, closer: 0 },
    { x: -by, y: by / 2, closer: 0 },
  ]),
  ...[0.01, 0.02, 0.03, 0.04].map((closer) => ({ x: 0.005, y: 0, closer })),
];

const AS_IT_IS = (image: Sharp): Sharp => image;

const from = (PICTURE - SIDE) / 2;

/** Pixels of the picture, and the master that is its middle. */
async function drawn(person: Sitter) {
  const { data, info } = await sharp(await portrait(person, PICTURE))
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const picture = (): Sharp => sharp(data, { raw: { width, height, channels: 3 } });
  const whole = { left: from, top: from, width: SIDE, height: SIDE };
  return { picture, master: await openDrawn(await picture().extract(whole).jpeg({ quality: 92 }).toBuffer()) };
}

const known = new Map<Sitter, ReturnType<typeof drawn>>();

async function verdictOf(
  person: Sitter,
  { x, y, closer }: Slip,
  side: number,
  change = AS_IT_IS,
): Promise<PhotoVerdict> {
  if (!known.has(person)) known.set(person, drawn(person));
  const { picture, master } = await known.get(person)!;
  const shown = Math.round(SIDE * (1 - closer));
  const at = (shift: number): number => Math.round(from + shift * SIDE + (SIDE - shown) / 2);
  const frame = { left: at(x), top: at(y), width: shown, height: shown };
  const bytes = await change(picture().extract(frame).resize(side, side)).jpeg({ quality: 85 }).toBuffer();
  const rendition = await images.sign(bytes);
  return decide(await referencesOf(master, rendition), rendition);
}

describe.each([48, 96, 240])("a picture of %i px in a frame that slipped", (side) => {
  it("is the master or the master in another crop, never one in other colours", async () => {
    const wrong: unknown[] = [];
    for (const person of SITTERS) {
      for (const slip of SLIPS) {
        const { kind } = await verdictOf(person, slip, side);
        if (kind !== "same" && kind !== "reframed") wrong.push({ backdrop: person.backdrop, ...slip, kind });
      }
    }
    expect(wrong).toEqual([]);
  });

  it.each<[string, (image: Sharp) => Sharp]>([
    ["more colour", (image) => image.modulate({ saturation: 1.35 })],
    ["less colour", (image) => image.modulate({ saturation: 0.5 })],
    ["a warmer white", (image) => image.linear([1.1, 1, 0.9], [0, 0, 0])],
    ["a mark", (image) => image.composite([{ input: mark(side), gravity: "southeast" }])],
  ])("with %s is told as one in other colours", async (_, change) => {
    for (const slip of [
      { x: 0.01, y: 0, closer: 0 },
      { x: 0, y: -0.0125, closer: 0 },
      { x: 0.005, y: 0.005, closer: 0.01 },
    ]) {
      const { kind } = await verdictOf(SITTERS[0]!, slip, side, change);
      expect({ slip, kind }).toEqual({ slip, kind: "recoloured" });
    }
  });
});

function mark(side: number): Buffer {
  const edge = Math.round(side / 9);
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${edge}" height="${edge}"><rect width="100%" height="100%" fill="#e02020"/></svg>`,
  );
}
