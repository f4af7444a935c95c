import type { Finding, JsonValue } from "../model/finding.js";

/** The difference between master and stored picture in sentences, for whoever cannot see it, or does not trust their eyes. */

type Facts = { readonly [key: string]: JsonValue };

/** Empty where nothing was measured. */
export function differenceWords({ expected, actual }: Pick<Finding, "expected" | "actual">): string {
  const evidence = factsIn(actual["evidence"]);
  return [
    sizes(expected, actual),
    likeness(textIn(actual["verdict"]), evidence),
    mirrored(actual["verdict"]),
    retouched(evidence, actual["verdict"]) || colours(factsIn(evidence["colour"]), actual["verdict"]),
    detail(numberIn(evidence["detailRatio"]), textIn(actual["verdict"])),
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

function sizes(expected: Facts, actual: Facts): string {
  const [wide, high] = [numberIn(actual["width"]), numberIn(actual["height"])];
  if (wide === null || high === null) return "";
  const [masterWide, masterHigh] = [numberIn(expected["width"]), numberIn(expected["height"])];
  const stored = `the stored picture has ${wide} × ${high} pixels`;
  return masterWide === null || masterHigh === null
    ? `${stored.replace("the", "The")}.`
    : `The master has ${masterWide} × ${masterHigh} pixels, ${stored}.`;
}

/** What the verdict says and, where two shots were laid over one another, how well they met. */
function likeness(verdict: string, evidence: Facts): string {
  const met = numberIn(evidence["registration"]);
  switch (verdict) {
    case "same":
    case "recoloured":
      return evidence["framing"] === "stretched"
        ? "It shows the same picture, pressed into another shape."
        : "It shows the same picture.";
    case "reframed":
      return met === null
        ? "It shows the same face in another crop."
        : `Laid over one another, ${percent(met)} of the outlines meet: the same face in another crop, or another shot of the same sitting.`;
    case "different":
      return "Laid over one another, the two faces do not match.";
    default:
      return "";
  }
}

function mirrored(verdict: JsonValue | undefined): string {
  return verdict === "mirrored" ? "It shows the master turned left to right." : "";
}

/** Fine detail is measured only where no colour changed: where it is there, it decided. */
function retouched(evidence: Facts, verdict: JsonValue | undefined): string {
  if (verdict !== "recoloured") return "";
  if (typeof evidence["olderMaster"] === "string")
    return "It is the master of before: a part of it was retouched since.";
  return numberIn(factsIn(evidence["colour"])["texture"]) === null
    ? ""
    : "A part of it was retouched: smoothed, sharpened, removed or written over.";
}

/** Lightness, contrast and saturation are ratios (1: unchanged), the cast is percent of the range. */
function colours(colour: Facts, verdict: JsonValue | undefined): string {
  if (verdict !== "recoloured") return "";
  const whole = changesOfTheWhole(colour);
  const [first, ...rest] = whole.length > 0 ? whole : changesOfAPart(colour);
  return first === undefined ? "" : `${[first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(", ")}.`;
}

function changesOfTheWhole(colour: Facts): readonly string[] {
  const saturation = numberIn(colour["saturation"]);
  const lightness = numberIn(colour["lightness"]);
  const contrast = numberIn(colour["contrast"]);
  return [
    ...(saturation === null || Math.abs(saturation - 1) < 0.08
      ? []
      : [saturation < 0.1 ? "it is black and white" : `its colours are ${saturation < 1 ? "paler" : "stronger"}`]),
    ...(lightness === null || Math.abs(lightness - 1) < 0.045 ? [] : [`it is ${lightness < 1 ? "darker" : "lighter"}`]),
    ...(contrast === null || Math.abs(contrast - 1) < 0.12
      ? []
      : [`its contrast is ${contrast < 1 ? "flatter" : "stronger"}`]),
    ...((numberIn(colour["castPercent"]) ?? 0) > 2 ? ["its white has a tint"] : []),
  ];
}

/** Share of the picture from which on it is more than a mark on it. */
const BACKDROP_FROM = 0.03;

function changesOfAPart({ changedShare }: Facts): readonly string[] {
  const share = numberIn(changedShare);
  if (share === null) return [];
  return share > BACKDROP_FROM
    ? [`about ${percent(share)} of it has other colours, as another backdrop has`]
    : ["a small part of it is changed, as by a logo or a mark"];
}

function detail(ratio: number | null, verdict: string): string {
  if (ratio === null || ratio > 0.6 || verdict === "different") return "";
  return `It has about ${percent(ratio)} of the master's fine detail.`;
}

function percent(share: number): string {
  return `${Math.max(1, Math.min(99, Math.round(share * 100)))} %`;
}

function numberIn(value: JsonValue | undefined): number | null {
  return typeof value === "number" ? value : null;
}

function textIn(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}

function factsIn(value: JsonValue | undefined): Facts {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Facts) : {};
}
