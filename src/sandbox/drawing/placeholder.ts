import type { Random } from "../random.js";

/** Stand-ins that services and people put where a photo should be. */
export type PlaceholderKind = "silhouette" | "initials" | "blank" | "colour";

/** Letters as strokes in a box of 10 x 14: no font is needed, so the picture is the same on every machine. */
const LETTERS: { readonly [letter: string]: string } = {
  A: "M0 14 L5 0 L10 14 M2 9 L8 9",
  B: "M1 0 L1 14 M1 0 Q10 0 8 4 Q7 7 1 7 Q11 7 9 11 Q8 14 1 14",
  C: "M10 2 Q0 -3 0 7 Q0 17 10 12",
  D: "M1 0 L1 14 Q10 14 10 7 Q10 0 1 0",
  E: "M9 0 L1 0 L1 14 L9 14 M1 7 L7 7",
  H: "M1 0 L1 14 M9 0 L9 14 M1 7 L9 7",
  K: "M1 0 L1 14 M9 0 L1 8 L9 14",
  L: "M1 0 L1 14 L9 14",
  M: "M0 14 L1 0 L5 8 L9 0 L10 14",
  N: "M1 14 L1 0 L9 14 L9 0",
  R: "M1 14 L1 0 Q10 0 9 4 Q8 7 1 7 L9 14",
  S: "M9 2 Q2 -2 1 3 Q1 6 5 7 Q10 8 9 11 Q8 16 1 12",
  T: "M0 0 L10 0 M5 0 L5 14",
};

const TILE_COLOURS = ["#8764b8", "#038387", "#ca5010", "#4f6bed", "#986f0b", "#c239b3"] as const;

/** A placeholder as SVG, square, 1000 view box units wide. */
export function placeholderSvg(kind: PlaceholderKind, random: Random, side: number): string {
  const open = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 1000 1000">`;
  if (kind === "blank") return `${open}<rect width="1000" height="1000" fill="#ffffff"/></svg>`;
  const colour = random.pick(TILE_COLOURS);
  if (kind === "colour") return `${open}<rect width="1000" height="1000" fill="${colour}"/></svg>`;
  if (kind === "silhouette")
    return (
      `${open}<rect width="1000" height="1000" fill="#c8c6c4"/>` +
      `<circle cx="500" cy="380" r="190" fill="#ffffff"/><ellipse cx="500" cy="960" rx="370" ry="330" fill="#ffffff"/></svg>`
    );
  const names = Object.keys(LETTERS);
  const letters = [random.pick(names), random.pick(names)]
    .map(
      (letter, at) =>
        `<path transform="translate(${at === 0 ? 270 : 540} 370) scale(19)" d="${LETTERS[letter] ?? ""}" stroke="#ffffff" stroke-width="2" fill="none"/>`,
    )
    .join("");
  return `${open}<rect width="1000" height="1000" fill="${colour}"/>${letters}</svg>`;
}
