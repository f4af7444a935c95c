import type { Sharp } from "sharp";

/** A change of an image in colour or tone. */
type Restyle = (image: Sharp) => Sharp;

/** Another picture in colour or tone wherever it is compared with what it was made of. */
export const RESTYLES: Readonly<
  Record<
    | "black and white"
    | "600 K warmer"
    | "600 K cooler"
    | "saturation 0.75"
    | "saturation 1.25"
    | "brightness 0.85"
    | "brightness 1.15",
    Restyle
  >
>;
/** Stronger changes of tone. */
export const TONES: Readonly<Record<"brightness 0.7" | "contrast 0.6" | "contrast 1.3", Restyle>>;
