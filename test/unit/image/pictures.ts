import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import sharp from "sharp";
import type { MasterFile } from "../../../src/run/ports.js";

/** Parts of a drawn portrait; faces with other numbers are other people. */
/** A master file as it is now. */
export function masterFile(path: string): MasterFile {
  return { path, sha256: createHash("sha256").update(readFileSync(path)).digest("hex") };
}

export interface Sitter {
  readonly skin: string;
  readonly hair: string;
  readonly shirt: string;
  readonly backdrop: string;
  /** Half width of the face, 60 to 110. */
  readonly face: number;
  /** Height of the eyes, 170 to 210. */
  readonly eyes: number;
  /** Lift of the corners of the mouth: 0 neutral, 30 broad smile. */
  readonly smile: number;
}

export const ANNA: Sitter = {
  skin: "#e0b090",
  hair: "#3a2415",
  shirt: "#ffffff",
  backdrop: "#8a9096",
  face: 86,
  eyes: 190,
  smile: 4,
};

export const BORIS: Sitter = {
  skin: "#c98f6b",
  hair: "#161616",
  shirt: "#f4f4f4",
  backdrop: "#8a9096",
  face: 101,
  eyes: 176,
  smile: 12,
};

/** A drawn portrait, 400 units wide and high, asymmetric (parting, badge) and with fine texture. */
export function portraitSvg(sitter: Sitter, width: number, height: number): Buffer {
  const { skin, hair, shirt, backdrop, face, eyes, smile } = sitter;
  const threads = Array.from({ length: 60 }, (_, i) => {
    const x = 200 + (i - 30) * (face / 28);
    const y = eyes - 70 - 24 * Math.cos((i - 22) / 14);
    return `<path d="M${x} ${y} q${(i % 7) - 3} 20 ${(i % 5) - 2} 44" stroke="${i % 3 ? hair : "#5b4636"}" stroke-width="2.4" fill="none"/>`;
  }).join("");
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 400 400" preserveAspectRatio="xMidYMid slice">
<defs><linearGradient id="b" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="${backdrop}"/><stop offset="1" stop-color="#5f666d"/></linearGradient></defs>
<rect x="-400" y="-400" width="1200" height="1200" fill="url(#b)"/>
<path d="M60 420 Q90 300 200 300 Q310 300 345 420 Z" fill="${shirt}"/><path d="M150 305 L200 360 L236 303" fill="${skin}"/>
<rect x="255" y="345" width="46" height="18" fill="#274b8f"/>
<ellipse cx="200" cy="${eyes + 20}" rx="${face}" ry="${face * 1.3}" fill="${skin}"/>
<path d="M${200 - face} ${eyes} Q${190 - face} ${eyes - 130} 200 ${eyes - 118} Q${215 + face} ${eyes - 120} ${200 + face} ${eyes} Q${170 + face} ${eyes - 70} 175 ${eyes - 66} Q${205 - face} ${eyes - 60} ${200 - face} ${eyes}" fill="${hair}"/>
${threads}
<ellipse cx="${200 - face * 0.42}" cy="${eyes}" rx="15" ry="8" fill="#fff"/><ellipse cx="${200 + face * 0.42}" cy="${eyes}" rx="15" ry="8" fill="#fff"/>
<circle cx="${200 - face * 0.42}" cy="${eyes}" r="7" fill="#234"/><circle cx="${200 + face * 0.42}" cy="${eyes}" r="7" fill="#234"/>
<path d="M${180 - face * 0.42} ${eyes - 22} q22 -9 42 0" stroke="${hair}" stroke-width="6" fill="none"/><path d="M${182 + face * 0.42} ${eyes - 20} q20 -9 38 2" stroke="${hair}" stroke-width="6" fill="none"/>
<path d="M198 ${eyes + 8} q-16 42 6 44" stroke="#8a5a44" stroke-width="4" fill="none"/>
<path d="M${160 - smile} ${eyes + 80 - smile} Q200 ${eyes + 84 + smile} ${240 + smile} ${eyes + 80 - smile} Q200 ${eyes + 98 + smile * 1.6} ${160 - smile} ${eyes + 80 - smile}" fill="${smile > 8 ? "#f4eee8" : "#a5544c"}" stroke="#a5544c" stroke-width="3"/>
</svg>`);
}

export async function portrait(sitter: Sitter, width = 800, height = width): Promise<Buffer> {
  return sharp(portraitSvg(sitter, width, height))
    .resize(width, height, { fit: "fill" })
    .jpeg({ quality: 92 })
    .toBuffer();
}

/** Sitters from a number, all before one backdrop. */
export function sitter(seed: number): Sitter {
  const byte = (shift: number) => ((Math.imul(seed + 1, 0x9e3779b1) >>> shift) & 255) / 255;
  const grey = (value: number) => Math.round(value).toString(16).padStart(2, "0");
  return {
    skin: `#${grey(170 + 70 * byte(0))}${grey(120 + 60 * byte(8))}${grey(90 + 60 * byte(16))}`,
    hair: `#${grey(20 + 120 * byte(3))}${grey(15 + 80 * byte(11))}${grey(10 + 50 * byte(19))}`,
    shirt: `#${grey(255 - 200 * byte(5))}${grey(255 - 180 * byte(13))}${grey(255 - 120 * byte(21))}`,
    backdrop: "#8a9096",
    face: 66 + 40 * byte(7),
    eyes: 174 + 32 * byte(15),
    smile: 20 * byte(23),
  };
}

/**
 * A drawn portrait with the texture of a photograph: detail of every fineness everywhere, less of the fine. The same pixels every time.
 */
export async function texturedPortrait(sitter: Sitter, side: number): Promise<Buffer> {
  const plain = sharp(portraitSvg(sitter, side, side))
    .resize(side, side, { fit: "fill" })
    .removeAlpha();
  const pixels = await plain.raw().toBuffer();
  for (const [cell, strength] of [
    [1, 9],
    [2, 11],
    [4, 13],
    [8, 15],
  ] as const) {
    for (let at = 0; at < side * side; at++) {
      const [x, y] = [Math.floor((at % side) / cell), Math.floor(at / side / cell)];
      const noise = ((Math.imul(x * 7919 + y * 104729 + cell, 0x9e3779b1) >>> 20) & 255) / 255 - 0.5;
      for (let c = 3 * at; c < 3 * at + 3; c++) pixels[c] = Math.min(255, Math.max(0, pixels[c]! + strength * noise));
    }
  }
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .jpeg({ quality: 94 })
    .toBuffer();
}
