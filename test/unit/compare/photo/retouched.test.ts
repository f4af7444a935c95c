import { describe, expect, it } from "vitest";
import {
  decide,
  needsLargerRendition,
  renditionsAgree,
  revisionOf,
  showsOlder,
} from "../../../../src/compare/photo/index.js";
import { textureChange } from "../../../../src/compare/photo/texture.js";
import { sitter, texturedPortrait } from "../../image/pictures.js";
import { openDrawn, referencesOf, stored, type Drawn } from "./signed.js";
import { RETOUCHES, SAVED_ANEW } from "./retouching.js";

const SIDES = [240, 648];
const SITTERS = [2, 5, 11];
const master = (seed: number): Promise<Buffer> => texturedPortrait(sitter(seed), 900);

async function verdictOf(drawn: Drawn, bytes: Buffer, side: number) {
  const rendition = await stored(bytes, side);
  return decide(await referencesOf(drawn, rendition), rendition);
}

/** As an audit sees it: by the larger picture where the usual size leaves it open. */
async function settled(drawn: Drawn, bytes: Buffer) {
  const verdict = await verdictOf(drawn, bytes, 240);
  return needsLargerRendition(verdict, await stored(bytes, 240)) ? verdictOf(drawn, bytes, 648) : verdict;
}

describe("a stored picture of which a part was worked on", () => {
  it.each(Object.entries(RETOUCHES))("%s: recoloured, with what changed in the evidence", async (_name, retouch) => {
    for (const seed of SITTERS) {
      const bytes = await master(seed);
      const [drawn, retouched] = [await openDrawn(bytes), await retouch(bytes)];
      for (const verdict of [await settled(drawn, retouched), await verdictOf(drawn, retouched, 648)]) {
        expect(verdict).toMatchObject({ kind: "recoloured", upscaled: false, distorted: false });
        expect(verdict.evidence.colour).not.toBeNull();
      }
      const [before, after] = [await stored(bytes, 648), await stored(retouched, 648)];
      expect(renditionsAgree(before, after)).toBe(false);
    }
  });

  it.each(Object.entries(SAVED_ANEW))("saved anew %s it is the same", async (_name, save) => {
    for (const seed of SITTERS) {
      const bytes = await master(seed);
      const [drawn, saved] = [await openDrawn(bytes), await save(bytes)];
      for (const side of SIDES) expect((await verdictOf(drawn, saved, side)).kind).toBe("same");
    }
  });

  it("is looked at larger where a small rendition leaves it open", async () => {
    const bytes = await master(4);
    const verdict = await verdictOf(await openDrawn(bytes), bytes, 240);
    const rendition = await stored(bytes, 240);
    const colour = verdict.evidence.colour!;
    const doubtful = { ...verdict, evidence: { ...verdict.evidence, colour: { ...colour, texture: 0.35 } } };
    expect([verdict, doubtful].map((one) => needsLargerRendition(one, rendition))).toEqual([false, true]);
  });

  it("tells nothing of pictures whose texture nobody measured", async () => {
    const { texture } = await stored(await master(1), 240);
    expect(texture).toHaveLength(256);
    expect(textureChange(undefined, texture)).toBeNull();
    expect(textureChange(texture, undefined)).toBeNull();
  });
});

describe("two versions of one master", () => {
  it.each(Object.entries(RETOUCHES))("%s: the stores tell which of them they show", async (_name, retouch) => {
    for (const seed of SITTERS) {
      const bytes = await master(seed);
      const retouched = await retouch(bytes);
      const [before, after] = [await openDrawn(bytes), await openDrawn(retouched)];
      for (const [older, newer, files] of [
        [before, after, { older: bytes, newer: retouched }],
        [after, before, { older: retouched, newer: bytes }],
      ] as const) {
        const revision = revisionOf(older.signature, newer.signature);
        expect(revision).not.toBeNull();
        for (const side of [200, 240, 648]) {
          expect(showsOlder(revision!, await stored(files.older, side, undefined, 78))).toBe(true);
          expect(showsOlder(revision!, await stored(files.newer, side, undefined, 78))).toBe(false);
        }
        // Too small to tell anything for certain.
        expect(showsOlder(revision!, await stored(files.older, 48))).toBe(false);
      }
    }
  });

  it.each(Object.entries(SAVED_ANEW))("saved anew %s they are one picture", async (_name, save) => {
    for (const seed of SITTERS) {
      const bytes = await master(seed);
      const [before, after] = [await openDrawn(bytes), await openDrawn(await save(bytes))];
      expect(revisionOf(before.signature, after.signature)).toBeNull();
    }
  });

  it("without texture, of an older recipe, are told apart by what 64x64 luma holds", async () => {
    const bytes = await master(8);
    const [before, after] = [await openDrawn(bytes), await openDrawn(await RETOUCHES["a text over it"]!(bytes))];
    const { texture: _unknown, ...older } = before.signature;
    expect(revisionOf(older, after.signature)).not.toBeNull();
    expect(revisionOf(older, before.signature)).toBeNull();
  });
});
