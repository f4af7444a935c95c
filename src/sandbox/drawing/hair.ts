import type { Random } from "../random.js";
import { n } from "./svg.js";

/** Middle and half axes of the ellipse of a head. */
export interface Head {
  readonly x: number;
  readonly y: number;
  readonly rx: number;
  readonly ry: number;
}

/** What of the hair lies behind the face. */
export function hairBack(random: Random, { x, y, rx, ry }: Head, colour: string): string {
  const style = random.integer(0, 4);
  if (style === 0) return "";
  if (style === 1)
    return `<ellipse cx="${n(x)}" cy="${n(y - ry * 0.2)}" rx="${n(rx * 1.22)}" ry="${n(ry * 1.05)}" fill="${colour}"/>`;
  if (style === 2) {
    const length = random.between(1.1, 1.9);
    return `<path d="M ${n(x - rx * 1.2)} ${n(y - ry * 0.3)} Q ${n(x)} ${n(y - ry * 1.7)} ${n(x + rx * 1.2)} ${n(y - ry * 0.3)} L ${n(x + rx * 1.35)} ${n(y + ry * length)} L ${n(x - rx * 1.35)} ${n(y + ry * length)} Z" fill="${colour}"/>`;
  }
  if (style === 3) {
    const r = rx * random.between(0.4, 0.62);
    const side = random.chance(0.5) ? -1 : 1;
    return `<circle cx="${n(x + side * rx * random.between(0, 0.7))}" cy="${n(y - ry * 1.2)}" r="${n(r)}" fill="${colour}"/>`;
  }
  const curls: string[] = [];
  for (let i = 0; i < 26; i++) {
    const turn = Math.PI * (1 + i / 25);
    curls.push(
      `<circle cx="${n(x + Math.cos(turn) * rx * 1.15)}" cy="${n(y - ry * 0.1 + Math.sin(turn) * ry * 1.1)}" r="${n(rx * random.between(0.18, 0.36))}" fill="${colour}"/>`,
    );
  }
  return curls.join("");
}

/** What of it lies before. */
export function hairFront(random: Random, { x, y, rx, ry }: Head, colour: string): string {
  const style = random.integer(0, 4);
  if (style === 0) return "";
  const line = y - ry * random.between(0.35, 0.72);
  const part = random.between(-0.7, 0.7);
  const left = line + ry * random.between(-0.1, 0.35);
  const right = line + ry * random.between(-0.1, 0.35);
  return (
    `<path d="M ${n(x - rx * 1.04)} ${n(y - ry * 0.05)} C ${n(x - rx * 1.1)} ${n(y - ry * 1.25)} ${n(x + rx * 1.1)} ${n(y - ry * 1.25)} ${n(x + rx * 1.04)} ${n(y - ry * 0.05)} ` +
    `Q ${n(x + rx * 0.7)} ${n(right)} ${n(x + rx * part)} ${n(line)} Q ${n(x - rx * 0.7)} ${n(left)} ${n(x - rx * 1.04)} ${n(y - ry * 0.05)} Z" fill="${colour}"/>`
  );
}
