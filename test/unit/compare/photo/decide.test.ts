import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { decide, needsLargerRendition, THRESHOLDS } from "../../../../src/compare/photo/index.js";
import { ANNA, BORIS } from "../../image/pictures.js";
import { draw, images, openDrawn, referencesOf, stored } from "./signed.js";

const SIZES = [48, 72, 96, 200, 240, 648];

describe("the photo decision", () => {
  it.each(SIZES)("calls a plain rendition of %i px same, with its evidence", async (side) => {
    const anna = await draw(ANNA);
    const rendition = await stored(anna.bytes, side);
    const verdict = decide(await referencesOf(anna, rendition), rendition);
    expect(verdict).toMatchObject({ kind: "same", upscaled: false, distorted: false, thresholds: THRESHOLDS.version });
    expect(verdict.evidence).toMatchObject({ identical: false, framing: "chosen-crop", registration: null });
    expect(verdict.evidence.hashBits).toBeLessThan(64);
  });

  it("calls the master's own bytes same and identical", async () => {
    const anna = await draw(ANNA, 400);
    const rendition = await images.sign(anna.bytes);
    const verdict = decide(await referencesOf(anna, rendition), rendition);
    expect(verdict).toMatchObject({ kind: "same", upscaled: false, evidence: { identical: true } });
  });

  it.each(SIZES)("calls another person before the same backdrop different at %i px", async (side) => {
    const anna = await draw(ANNA);
    const rendition = await stored((await draw(BORIS)).bytes, side);
    expect(decide(await referencesOf(anna, rendition), rendition).kind).toBe("different");
  });

  it.each(SIZES)("does not call another shot of the sitting same at %i px", async (side) => {
    const anna = await draw(ANNA);
    const rendition = await stored((await draw({ ...ANNA, smile: 26 })).bytes, side);
    const verdict = decide(await referencesOf(anna, rendition), rendition);
    expect(["reframed", "different"]).toContain(verdict.kind);
    expect(verdict.evidence.local).toBeLessThan(0.7);
  });

  it.each(SIZES)("finds the mirrored master at %i px", async (side) => {
    const anna = await draw(ANNA);
    const rendition = await stored(anna.bytes, side, (image) => image.flop());
    expect(decide(await referencesOf(anna, rendition), rendition).kind).toBe("mirrored");
  });

  it.each([
    [0.94, 120],
    [0.85, 120],
    [0.72, 120],
    [0.94, 48],
    [0.85, 48],
    [0.72, 48],
  ])("calls a window of %d of the frame reframed at %i px", async (share, side) => {
    const anna = await draw(ANNA);
    const window = Math.round(700 * share);
    const cropped = await sharp(anna.bytes)
      .extract({ left: 20, top: 4, width: window, height: window })
      .jpeg({ quality: 90 })
      .toBuffer();
    const rendition = await stored(cropped, side);
    const verdict = decide(await referencesOf(anna, rendition), rendition);
    expect(verdict.kind).toBe("reframed");
    expect(verdict.evidence.registration).toBeGreaterThan(0.94);
  });

  it("tells an enlarged thumbnail, and only that, by its detail", async () => {
    const anna = await draw(ANNA);
    const small = await sharp(anna.bytes).resize(96, 96).jpeg({ quality: 85 }).toBuffer();
    const enlarged = await stored(small, 648);
    expect(decide(await referencesOf(anna, enlarged), enlarged)).toMatchObject({ kind: "same", upscaled: true });
    for (const kernel of ["linear", "mitchell", "lanczos3"] as const) {
      const soft = await images.sign(
        await sharp(anna.bytes).resize(648, 648, { kernel }).jpeg({ quality: 60 }).toBuffer(),
      );
      expect(decide(await referencesOf(anna, soft), soft)).toMatchObject({ kind: "same", upscaled: false });
    }
  });

  it("recognises an enlarged 48 px thumbnail at 96 px", async () => {
    const anna = await draw(ANNA);
    const small = await sharp(anna.bytes).resize(48, 48).jpeg({ quality: 85 }).toBuffer();
    const rendition = await stored(small, 96);
    expect(["same", "reframed"]).toContain(decide(await referencesOf(anna, rendition), rendition).kind);
  });
});

describe("framing of masters that are not square", () => {
  it.each([
    ["the middle", "centre"],
    ["the top", "top"],
  ] as const)("finds %s of an upright master", async (_, framing) => {
    const anna = await draw(ANNA, 600, 900);
    const top = framing === "top" ? 0 : 150;
    const square = await sharp(anna.bytes).extract({ left: 0, top, width: 600, height: 600 }).jpeg().toBuffer();
    const rendition = await stored(square, 96);
    const verdict = decide(await referencesOf(anna, rendition), rendition);
    expect(verdict).toMatchObject({ kind: "same", distorted: false });
    expect([framing, "chosen-crop"]).toContain(verdict.evidence.framing);
  });

  it("finds the whole frame where the store kept its shape", async () => {
    const anna = await draw(ANNA, 600, 800);
    const rendition = await images.sign(await sharp(anna.bytes).resize(96, 128).jpeg().toBuffer());
    const verdict = decide(await referencesOf(anna, rendition), rendition);
    expect(verdict).toMatchObject({ kind: "same", distorted: false, evidence: { framing: "whole" } });
  });

  it("calls a squeezed picture same and distorted", async () => {
    const anna = await draw(ANNA, 600, 900);
    const rendition = await images.sign(await sharp(anna.bytes).resize(96, 96, { fit: "fill" }).jpeg().toBuffer());
    const verdict = decide(await referencesOf(anna, rendition), rendition);
    expect(verdict).toMatchObject({ kind: "same", distorted: true, evidence: { framing: "stretched" } });
  });

  it("calls a square master squeezed into a wide frame distorted", async () => {
    const anna = await draw(ANNA);
    const rendition = await images.sign(await sharp(anna.bytes).resize(200, 150, { fit: "fill" }).jpeg().toBuffer());
    const verdict = decide(await referencesOf(anna, rendition), rendition);
    expect(verdict).toMatchObject({ kind: "same", distorted: true });
  });
});

describe("placeholders", () => {
  const tile = (body: string) =>
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="240" height="240">${body}</svg>`);
  const silhouette =
    '<rect width="240" height="240" fill="#e1e1e1"/><circle cx="120" cy="90" r="45" fill="#a0a0a0"/><ellipse cx="120" cy="230" rx="85" ry="80" fill="#a0a0a0"/>';
  it.each([
    ["a single colour", '<rect width="240" height="240" fill="#0078d4"/>'],
    ["a silhouette", silhouette],
    [
      "initials",
      '<rect width="240" height="240" fill="#8764b8"/><path d="M70 170 L110 70 L150 170 M85 135 H135" stroke="#fff" stroke-width="14" fill="none"/>',
    ],
  ])("%s is a placeholder at any size", async (_, body) => {
    const anna = await draw(ANNA);
    for (const side of [48, 96, 240]) {
      const rendition = await stored(await sharp(tile(body)).png().toBuffer(), side);
      expect(decide(await referencesOf(anna, rendition), rendition).kind).toBe("placeholder");
    }
  });

  it("a master that looks like one is still recognised", async () => {
    const logo = await openDrawn(await sharp(tile(silhouette)).png().toBuffer());
    const rendition = await stored(logo.bytes, 96);
    expect(decide(await referencesOf(logo, rendition), rendition).kind).toBe("same");
  });
});

describe("asking for a larger rendition", () => {
  it("is needless for clear answers", async () => {
    const anna = await draw(ANNA);
    for (const bytes of [anna.bytes, (await draw(BORIS)).bytes]) {
      const rendition = await stored(bytes, 240);
      expect(needsLargerRendition(decide(await referencesOf(anna, rendition), rendition), rendition)).toBe(false);
    }
  });

  it("is wanted near a threshold at thumbnail size only", async () => {
    const anna = await draw(ANNA);
    const rendition = await stored(anna.bytes, 96);
    const verdict = decide(await referencesOf(anna, rendition), rendition);
    const evidence = { ...verdict.evidence, hp32: 0.93, hp64: 0.9 };
    const undecided = { ...verdict, kind: "different", evidence } as const;
    expect(needsLargerRendition(undecided, rendition)).toBe(true);
    expect(needsLargerRendition(undecided, { ...rendition, width: 648, height: 648 })).toBe(false);
  });

  it("is wanted for the right picture with doubtful detail", async () => {
    const anna = await draw(ANNA);
    const rendition = await stored(anna.bytes, 240);
    const verdict = decide(await referencesOf(anna, rendition), rendition);
    const soft = { ...verdict, evidence: { ...verdict.evidence, enlargement: 6 } };
    expect(needsLargerRendition(soft, rendition)).toBe(true);
    expect(needsLargerRendition({ ...soft, upscaled: true }, rendition)).toBe(false);
  });
});
