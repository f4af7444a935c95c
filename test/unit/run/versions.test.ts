import { beforeAll, describe, expect, it } from "vitest";
import { decide } from "../../../src/compare/photo/index.js";
import type { PhotoSignature, PhotoVerdict } from "../../../src/model/photo.js";
import {
  createVersions,
  historyKey,
  likeLarge,
  mayBeOlder,
  NOTHING_KNOWN,
  type PictureHistory,
} from "../../../src/run/versions.js";
import { RETOUCHES } from "../compare/photo/retouching.js";
import { openDrawn, referencesOf, stored, type Drawn } from "../compare/photo/signed.js";
import { sitter, texturedPortrait } from "../image/pictures.js";

let older: Drawn;
let master: Drawn;

beforeAll(async () => {
  older = await openDrawn(await texturedPortrait(sitter(7), 900));
  master = await openDrawn(await RETOUCHES["the face smoothed"]!(older.bytes));
});

const former = () => [older.signature.sha256];
const versions = () =>
  createVersions({ signature: (sha) => (sha === older.signature.sha256 ? older.signature : null) });

async function against(drawn: Drawn, rendition: PhotoSignature): Promise<PhotoVerdict> {
  return decide(await referencesOf(drawn, rendition), rendition);
}

async function decided(from: Drawn, side: number, standing: string | null = null): Promise<PhotoVerdict> {
  const rendition = await stored(from.bytes, side);
  const shown = { master: master.signature, rendition, history: { former: former(), standing } };
  const verdict = await against(master, rendition);
  return mayBeOlder(verdict, shown) ? versions().decide(verdict, shown) : verdict;
}

describe("a stored picture, where the former master is known", () => {
  it.each([200, 240, 648])(
    "of %i px is recoloured where it shows the former one, and the same where it does not",
    async (side) => {
      const [before, after] = [await decided(older, side), await decided(master, side)];
      expect(before).toMatchObject({
        kind: "recoloured",
        upscaled: false,
        evidence: { older: older.signature.sha256 },
      });
      expect(after.kind).toBe("same");
      expect(after.evidence.older).toBeUndefined();
    },
  );

  it("that is too small to tell is what our own write left there, and else the same", async () => {
    expect((await decided(older, 48)).kind).toBe("same");
    expect((await decided(older, 48, older.signature.sha256)).evidence.older).toBe(older.signature.sha256);
    expect((await decided(older, 48, master.signature.sha256)).kind).toBe("same");
  });

  it("asks nothing where there is nothing to ask", async () => {
    const rendition = await stored(older.bytes, 240);
    const verdict = await against(older, rendition);
    const known: PictureHistory = { former: former(), standing: null };
    const asked = (history: PictureHistory, one = verdict) => mayBeOlder(one, { master: master.signature, history });
    expect(asked(known)).toBe(true);
    expect(asked(NOTHING_KNOWN)).toBe(false);
    expect(asked({ ...known, standing: master.signature.sha256 })).toBe(false);
    expect(asked(known, { ...verdict, evidence: { ...verdict.evidence, identical: true } })).toBe(false);
    for (const kind of ["mirrored", "reframed", "placeholder", "different"] as const)
      expect(asked(known, { ...verdict, kind })).toBe(false);
  });

  it("is answered anew when another master is known or another one stands", () => {
    const keys = [
      NOTHING_KNOWN,
      { former: ["a".repeat(64)], standing: null },
      { former: ["a".repeat(64)], standing: "a".repeat(64) },
      { former: ["a".repeat(64), "b".repeat(64)], standing: null },
      { former: ["b".repeat(64), "a".repeat(64)], standing: "b".repeat(64) },
    ].map(historyKey);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe("small thumbnails beside the large one", () => {
  it("follow it where it was retouched, by the former master or by its fine detail, and in nothing else", async () => {
    const small = await decided(older, 48);
    const large = await decided(older, 200);
    expect(likeLarge(large, small)).toMatchObject({ kind: "recoloured", evidence: { older: older.signature.sha256 } });
    const colour = { ...small.evidence.colour!, texture: 0.9 };
    const worked: PhotoVerdict = { ...small, kind: "recoloured", evidence: { ...small.evidence, colour } };
    expect(likeLarge(worked, small)?.evidence.colour?.texture).toBe(0.9);
    const tinted: PhotoVerdict = { ...small, kind: "recoloured" };
    const other: PhotoVerdict = { ...small, kind: "different" };
    for (const [one, two] of [
      [null, small],
      [small, small],
      [tinted, small],
      [large, other],
      [large, null],
    ] as const)
      expect(likeLarge(one, two)).toBe(two);
  });
});
