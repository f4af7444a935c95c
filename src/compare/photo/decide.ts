import type { Framing, PhotoSignature, PhotoVerdict, VerdictKind } from "../../model/photo.js";
import { correlation, differingBits, mirroredCorrelation } from "./correlate.js";
import { highPass32, highPass64 } from "./high-pass.js";
import { looksLikePlaceholder } from "./placeholder.js";
import { registrationScore } from "./registration.js";
import { THRESHOLDS } from "./thresholds.js";

/** The master rendered into the rendition's frame, one way. */
export interface Reference {
  readonly framing: Framing;
  readonly signature: PhotoSignature;
}

interface Measured {
  readonly reference: Reference;
  readonly hp32: number;
  readonly hp64: number;
  readonly hp32Flipped: number;
}

/**
 * Does the rendition show the master? `references` are the master in the rendition's own size, most likely framing first; at least
 * one. Pixels decide; hashes only stand in the evidence (README.md of this folder).
 */
export function decide(references: readonly Reference[], rendition: PhotoSignature): PhotoVerdict {
  const measured = measureAll(references, rendition);
  const best = measured.reduce((a, b) => (rank(b) > rank(a) + 0.002 ? b : a));
  const identical = references.some(({ signature }) => signature.sha256 === rendition.sha256);
  if (identical || isSame(best, rendition)) return verdict("same", best, rendition, { identical });
  const flipped = measured.reduce((a, b) => (b.hp32Flipped > a.hp32Flipped ? b : a));
  if (isMirrored(flipped)) return verdict("mirrored", flipped, rendition, {});
  const registration = Math.max(...references.map((r) => registrationScore(r.signature.luma, rendition.luma)));
  if (registration >= THRESHOLDS.reframed) return verdict("reframed", best, rendition, { registration });
  const kind = looksLikePlaceholder(rendition) ? "placeholder" : "different";
  return verdict(kind, best, rendition, { registration });
}

function measureAll(references: readonly Reference[], rendition: PhotoSignature): readonly Measured[] {
  const small = highPass32(rendition.luma);
  const large = highPass64(rendition.luma);
  return references.map((reference) => {
    const reference32 = highPass32(reference.signature.luma);
    return {
      reference,
      hp32: correlation(reference32, small),
      hp64: correlation(highPass64(reference.signature.luma), large),
      hp32Flipped: mirroredCorrelation(reference32, small, 32),
    };
  });
}

function rank(measured: Measured): number {
  return Math.min(measured.hp32, measured.hp64);
}

function isSame({ hp32, hp64, hp32Flipped }: Measured, rendition: PhotoSignature): boolean {
  const small = Math.max(rendition.width, rendition.height) < THRESHOLDS.smallSide;
  return (
    hp32 >= THRESHOLDS.hp32Same &&
    hp64 >= (small ? THRESHOLDS.hp64SameSmall : THRESHOLDS.hp64Same) &&
    hp32 > hp32Flipped
  );
}

function isMirrored({ hp32, hp32Flipped }: Measured): boolean {
  return hp32Flipped >= THRESHOLDS.hp32Same && hp32Flipped > hp32;
}

function verdict(
  kind: VerdictKind,
  best: Measured,
  rendition: PhotoSignature,
  found: { readonly identical?: boolean; readonly registration?: number },
): PhotoVerdict {
  const { framing, signature } = best.reference;
  const detailRatio = signature.detail > 0 ? rendition.detail / signature.detail : null;
  const shown = kind === "same" || kind === "reframed" || kind === "mirrored";
  return {
    kind,
    upscaled: kind === "same" && found.identical !== true && isUpscaled(detailRatio, rendition),
    distorted: shown && isDistorted(framing, rendition),
    evidence: {
      identical: found.identical === true,
      framing: shown ? framing : null,
      hashBits: differingBits(signature.hash, rendition.hash),
      hp32: best.hp32,
      hp64: best.hp64,
      hp32Flipped: best.hp32Flipped,
      registration: found.registration ?? null,
      detailRatio,
      placeholderScore: rendition.placeholderScore,
    },
    thresholds: THRESHOLDS.version,
  };
}

function isUpscaled(ratio: number | null, rendition: PhotoSignature): boolean {
  const large = Math.max(rendition.width, rendition.height) >= THRESHOLDS.largeSide;
  return ratio !== null && ratio < (large ? THRESHOLDS.upscaledLarge : THRESHOLDS.upscaled);
}

/** The whole master, or its square crop, squeezed into another shape. */
function isDistorted(framing: Framing, rendition: PhotoSignature): boolean {
  if (framing === "stretched") return true;
  return framing === "chosen-crop" && Math.abs(rendition.width / rendition.height - 1) > 0.03;
}
