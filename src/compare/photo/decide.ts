import type {
  ColourChange,
  FramedMaster,
  Framing,
  OtherFramings,
  PhotoSignature,
  PhotoVerdict,
  VerdictKind,
} from "../../model/photo.js";
import { alignTo } from "./align.js";
import { correlation, differingBits } from "./correlate.js";
import { detailLoss, isSoft, isUpscaled } from "./detail.js";
import { highPassSmall } from "./high-pass.js";
import { isMirrored, isSame, type Likeness, likeness, prepare } from "./likeness.js";
import { looksLikePlaceholder } from "./placeholder.js";
import { judgeColour } from "./recoloured.js";
import { register, type Registration } from "./registration.js";
import { judgeTexture } from "./retouched.js";
import { atSize } from "./soften.js";
import { forSide, THRESHOLDS } from "./thresholds.js";

/** The master rendered into the rendition's frame, one way. */
export type Reference = FramedMaster;

/** So much more correlation tells one framing from another. */
const CLEARLY = 0.002;

interface Measured extends Likeness {
  readonly reference: Reference;
}

interface Registered extends Registration {
  readonly reference: Reference;
}

/**
 * Does the rendition show the master? `references` are the master in the rendition's own size, most likely framing first; at least
 * one. Pixels decide; hashes only stand in the evidence (README.md of this folder).
 */
export function decide(references: readonly Reference[], rendition: PhotoSignature): PhotoVerdict {
  const side = Math.max(rendition.width, rendition.height);
  const measured = measure(references, rendition, (luma) => luma);
  const best = closest(measured);
  const identical = references.some(({ signature }) => signature.sha256 === rendition.sha256);
  if (identical) return verdict("same", best, rendition, { identical });
  const same =
    measured.find((each) => isSameAt(each, side)) ??
    sameWhenAligned(measured, rendition) ??
    sameWhenSoft(references, rendition, best);
  if (same !== undefined) return colourVerdict(isSameAt(best, side) ? best : same, rendition, side);
  const flipped = measured.find(isMirrored);
  if (flipped !== undefined) return verdict("mirrored", flipped, rendition, {});
  const registered = registerAny(references, rendition);
  if (isReframed(registered, side)) {
    const shown = measured.find((each) => each.reference === registered.reference) ?? best;
    return verdict("reframed", shown, rendition, { registration: registered.score });
  }
  const kind = looksLikePlaceholder(rendition) ? "placeholder" : "different";
  return verdict(kind, best, rendition, { registration: registered.score });
}

/** So much more correlation at 32x32 pixels tells one framing from all others at a first look (README.md of this folder). */
const AT_FIRST_LOOK = 0.02;

/**
 * Whether one reference decides about the rendition, whatever the other framings would show: it is the same picture, and better than each of them at a
 * first look, or so nearly alike that no later one can be clearly better.
 */
export function isSettledBy(reference: Reference, rendition: PhotoSignature, others: OtherFramings): boolean {
  const shown = prepare(rendition.luma);
  const found = likeness(prepare(reference.signature.luma), shown);
  if (!isSameAt(found, Math.max(rendition.width, rendition.height))) return false;
  if (others.later && found.hp64 + CLEARLY >= 1) return true;
  const lumas = others.lumas();
  return lumas?.every((luma) => correlation(highPassSmall(luma), shown.small) + AT_FIRST_LOOK <= found.hp32) === true;
}

/** The picture is the master's; its colours, and the fine detail of its parts, say whether it is the master as it is. */
function colourVerdict(found: Measured, rendition: PhotoSignature, side: number): PhotoVerdict {
  const { signature } = found.reference;
  const loss = detailLoss(signature, rendition);
  // The colours of an enlarged picture are as coarse as those of the thumbnail it was.
  const soft = loss !== null && isSoft(loss.enlargement, rendition);
  const judged = judgeColour(signature, rendition, soft ? THRESHOLDS.softSide : side);
  if (judged === null) return verdict("same", found, rendition, {});
  const colour = judged.change;
  if (judged.recoloured) return verdict("recoloured", found, rendition, { colour });
  const worked = judgeTexture(signature, rendition, loss);
  if (worked === null) return verdict("same", found, rendition, { colour });
  const kind = worked.retouched ? "recoloured" : "same";
  return verdict(kind, found, rendition, { colour: { ...colour, texture: worked.texture } });
}

function measure(
  references: readonly Reference[],
  rendition: PhotoSignature,
  view: (luma: Uint8Array) => Uint8Array,
): readonly Measured[] {
  const shown = prepare(view(rendition.luma));
  return references.map((reference) => ({ reference, ...likeness(prepare(view(reference.signature.luma)), shown) }));
}

function isSameAt(found: Likeness, side: number): boolean {
  const row = forSide(THRESHOLDS.same, side);
  return isSame(found, row) || (row.fromSide === 0 && isSame(found, THRESHOLDS.sameAsWhole));
}

/** Rounding in a decoder or cropper may have moved the frame by half a pixel. */
function sameWhenAligned(measured: readonly Measured[], rendition: PhotoSignature): Measured | undefined {
  const { hp32, hp64 } = THRESHOLDS.alignFrom;
  const needed = forSide(THRESHOLDS.aligned, Math.max(rendition.width, rendition.height));
  const shown = prepare(rendition.luma);
  for (const each of measured) {
    if (each.hp32 < hp32 || each.hp64 < hp64) continue;
    const aligned = prepare(alignTo(each.reference.signature.luma, shown.large));
    const found = { reference: each.reference, ...likeness(aligned, shown) };
    if (isSame(found, needed)) return found;
  }
  return undefined;
}

/**
 * A rendition that lost its detail (enlarged from a thumbnail) cannot match a sharp reference pixel by pixel: both are compared as
 * 48 px thumbnails, by the thresholds of such.
 */
function sameWhenSoft(
  references: readonly Reference[],
  rendition: PhotoSignature,
  best: Measured,
): Measured | undefined {
  const loss = detailLoss(best.reference.signature, rendition);
  if (loss === null || !isSoft(loss.enlargement, rendition)) return undefined;
  const soft = measure(references, rendition, (luma) => atSize(luma, THRESHOLDS.softSide));
  return soft.find((each) => isSame(each, forSide(THRESHOLDS.same, THRESHOLDS.softSide)));
}

/** The likeliest framing; a later one must be clearly better than the one before. */
function closest(measured: readonly Measured[]): Measured {
  return measured.reduce((a, b) => (b.hp64 > a.hp64 + CLEARLY ? b : a));
}

function isReframed({ score, local }: Registration, side: number): boolean {
  return forSide(THRESHOLDS.reframed, side).ways.some((way) => score >= way.registration && local >= way.local);
}

function registerAny(references: readonly Reference[], rendition: PhotoSignature): Registered {
  let best: Registered = { reference: references[0]!, score: -1, local: -1 };
  for (const reference of references) {
    const found = register(reference.signature.luma, rendition.luma);
    if (found.score > best.score + CLEARLY) best = { reference, ...found };
  }
  return best;
}

/** The whole master, or its square crop, squeezed into another shape. */
function isDistorted(framing: Framing, rendition: PhotoSignature): boolean {
  if (framing === "stretched") return true;
  return framing === "chosen-crop" && Math.abs(rendition.width / rendition.height - 1) > 0.03;
}

function verdict(
  kind: VerdictKind,
  best: Measured,
  rendition: PhotoSignature,
  found: { readonly identical?: boolean; readonly registration?: number; readonly colour?: ColourChange | null },
): PhotoVerdict {
  const { framing, signature } = best.reference;
  const loss = detailLoss(signature, rendition);
  const identical = found.identical === true;
  const shown = kind !== "placeholder" && kind !== "different";
  return {
    kind,
    upscaled: kind === "same" && !identical && isUpscaled(loss, rendition),
    distorted: shown && !identical && isDistorted(framing, rendition),
    evidence: {
      identical,
      framing: shown ? framing : null,
      hashBits: differingBits(signature.hash, rendition.hash),
      hp32: best.hp32,
      hp64: best.hp64,
      hp32Flipped: best.hp32Flipped,
      local: best.local,
      registration: found.registration ?? null,
      detailRatio: loss?.ratio ?? null,
      enlargement: loss?.enlargement ?? null,
      placeholderScore: rendition.placeholderScore,
      colour: found.colour ?? null,
    },
    thresholds: THRESHOLDS.version,
  };
}
