import type { Random } from "../random.js";
import { hairBack, hairFront, type Head } from "./hair.js";
import { n } from "./svg.js";

const SKIN = ["#f6d7c3", "#eec3a3", "#dba785", "#c68a62", "#a86d47", "#885435", "#66402a", "#4a2d1f"] as const;
const HAIR = [
  "#17120f",
  "#2d1f17",
  "#4b3221",
  "#6d4a2b",
  "#98703c",
  "#c9a25d",
  "#e3cd93",
  "#8f8f8f",
  "#d9d9d6",
  "#8a3b1d",
] as const;
const CLOTH = [
  "#1b2a41",
  "#2f4858",
  "#5c6f7b",
  "#6b2d3c",
  "#2e5339",
  "#d8d4c8",
  "#f2f2ef",
  "#101014",
  "#8b6b3e",
  "#3d3a6b",
  "#a63d2f",
  "#0f6e84",
] as const;
const WALL = [
  "#e8e6e1",
  "#b9c3c9",
  "#6f7f86",
  "#34424a",
  "#8fa58d",
  "#c7b59a",
  "#5b6f8f",
  "#a1887f",
  "#d3c3cf",
  "#22333b",
  "#f0d9a8",
  "#7d8f69",
] as const;

/** A backdrop no two people share: wall, window or shelf, with lights and shapes of its own. */
function backdrop(random: Random, height: number): string {
  const parts: string[] = [];
  const angle = random.integer(0, 359);
  parts.push(
    `<defs><linearGradient id="wall" gradientTransform="rotate(${angle} 0.5 0.5)"><stop offset="0" stop-color="${random.pick(WALL)}"/>`,
    `<stop offset="1" stop-color="${random.pick(WALL)}"/></linearGradient>`,
    `<radialGradient id="glow"><stop offset="0" stop-color="#fff" stop-opacity="0.55"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient>`,
    `<radialGradient id="dusk"><stop offset="0" stop-color="#000" stop-opacity="0.6"/><stop offset="1" stop-color="#000" stop-opacity="0"/></radialGradient></defs>`,
    `<rect width="1000" height="${height}" fill="url(#wall)"/>`,
  );
  const kind = random.integer(0, 3);
  if (kind === 0) {
    let y = random.between(-60, 40);
    while (y < height) {
      let x = random.between(-60, 0);
      const shelf = random.between(110, 220);
      while (x < 1000) {
        const w = random.between(30, 95);
        const h = shelf * random.between(0.55, 0.92);
        parts.push(
          `<rect x="${n(x)}" y="${n(y + shelf - h)}" width="${n(w - 5)}" height="${n(h)}" fill="${random.pick(CLOTH)}" opacity="0.75"/>`,
        );
        x += w;
      }
      y += shelf + 18;
    }
  } else if (kind === 1) {
    const columns = random.integer(2, 5);
    const left = random.between(-150, 150);
    for (let i = 0; i < columns; i++) {
      const w = random.between(110, 260);
      const x = left + i * (1000 / columns) + random.between(-40, 40);
      const y = random.between(-80, 140);
      parts.push(
        `<rect x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(random.between(300, 760))}" fill="${random.pick(WALL)}" stroke="#20262a" stroke-width="${n(random.between(6, 18))}"/>`,
      );
    }
  } else if (kind === 2) {
    const step = random.between(90, 210);
    const tilt = random.between(-35, 35);
    for (let x = -600; x < 1600; x += step * random.between(0.7, 1.3)) {
      parts.push(
        `<rect x="${n(x)}" y="-400" width="${n(step * random.between(0.2, 0.6))}" height="2200" fill="${random.pick(WALL)}" opacity="0.8" transform="rotate(${n(tilt)} 500 500)"/>`,
      );
    }
  }
  const blobs = random.integer(7, 13);
  for (let i = 0; i < blobs; i++) {
    const r = random.between(60, 210);
    const fill = random.chance(0.35) ? "url(#glow)" : random.chance(0.5) ? "url(#dusk)" : random.pick(WALL);
    parts.push(
      `<ellipse cx="${n(random.between(0, 1000))}" cy="${n(random.between(0, height))}" rx="${n(r)}" ry="${n(r * random.between(0.5, 1.5))}" fill="${fill}" opacity="${n(random.between(0.5, 0.95))}"/>`,
    );
  }
  return parts.join("");
}

function clothes(random: Random, x: number, chin: number, height: number, width: number): string {
  const cloth = random.pick(CLOTH);
  const shoulder = chin + random.between(70, 130);
  const parts = [
    `<path d="M ${n(x - width * 1.1)} ${height} C ${n(x - width)} ${n(shoulder + 40)} ${n(x - width * 0.5)} ${n(shoulder)} ${n(x)} ${n(shoulder - 20)} C ${n(x + width * 0.5)} ${n(shoulder)} ${n(x + width)} ${n(shoulder + 40)} ${n(x + width * 1.1)} ${height} Z" fill="${cloth}"/>`,
  ];
  const kind = random.integer(0, 4);
  if (kind === 0) {
    const step = random.between(64, 120);
    const colour = random.pick(CLOTH);
    for (let y = shoulder + 50; y < height; y += step)
      parts.push(
        `<rect x="${n(x - width * 0.85)}" y="${n(y)}" width="${n(width * 1.7)}" height="${n(step * 0.45)}" fill="${colour}" opacity="0.8"/>`,
      );
  } else if (kind === 1) {
    parts.push(
      `<path d="M ${n(x - 120)} ${n(shoulder - 10)} L ${n(x)} ${n(shoulder + 230)} L ${n(x + 120)} ${n(shoulder - 10)} Z" fill="#f3f1ec"/>`,
      `<path d="M ${n(x - 26)} ${n(shoulder + 30)} L ${n(x + 26)} ${n(shoulder + 30)} L ${n(x + 44)} ${n(shoulder + 330)} L ${n(x - 44)} ${n(shoulder + 330)} Z" fill="${random.pick(CLOTH)}"/>`,
    );
  } else if (kind === 2) {
    for (let i = 0; i < 40; i++)
      parts.push(
        `<circle cx="${n(x + random.between(-width * 0.9, width * 0.9))}" cy="${n(random.between(shoulder + 60, height))}" r="${n(random.between(8, 20))}" fill="#f5efe0" opacity="0.85"/>`,
      );
  } else if (kind === 3) {
    parts.push(
      `<path d="M ${n(x - 150)} ${n(shoulder)} Q ${n(x)} ${n(shoulder + random.between(90, 210))} ${n(x + 150)} ${n(shoulder)} L ${n(x + 105)} ${n(shoulder - 30)} Q ${n(x)} ${n(shoulder + 60)} ${n(x - 105)} ${n(shoulder - 30)} Z" fill="${random.pick(CLOTH)}"/>`,
    );
  }
  return parts.join("");
}

function features(random: Random, { x, y, rx, ry }: Head, hair: string): string {
  const gap = rx * random.between(0.36, 0.48);
  const eyeY = y - ry * random.between(0.02, 0.14);
  const eye = rx * random.between(0.12, 0.18);
  const look = random.between(-0.3, 0.3) * eye;
  const turn = rx * random.between(-0.12, 0.12);
  const parts: string[] = [];
  for (const side of [-1, 1]) {
    const ex = x + side * gap + turn;
    const brow = eyeY - eye * random.between(1.5, 2.1);
    parts.push(
      `<ellipse cx="${n(ex)}" cy="${n(eyeY)}" rx="${n(eye)}" ry="${n(eye * random.between(0.5, 0.7))}" fill="#f7f5f1"/>`,
      `<circle cx="${n(ex + look)}" cy="${n(eyeY)}" r="${n(eye * 0.5)}" fill="#1f1a17"/>`,
      `<path d="M ${n(ex - eye * 1.3)} ${n(brow + random.between(-6, 10))} Q ${n(ex)} ${n(brow - eye * 0.6)} ${n(ex + eye * 1.3)} ${n(brow + random.between(-6, 10))}" stroke="${hair}" stroke-width="${n(random.between(8, 20))}" fill="none"/>`,
    );
  }
  if (random.chance(0.35)) {
    const r = eye * random.between(1.6, 2.1);
    const stroke = `stroke="#15171a" stroke-width="${n(random.between(6, 15))}" fill="#dfe9f0" fill-opacity="0.18"`;
    parts.push(
      `<rect x="${n(x - gap + turn - r)}" y="${n(eyeY - r * 0.8)}" width="${n(2 * r)}" height="${n(1.6 * r)}" rx="${n(r * random.between(0.2, 0.8))}" ${stroke}/>`,
      `<rect x="${n(x + gap + turn - r)}" y="${n(eyeY - r * 0.8)}" width="${n(2 * r)}" height="${n(1.6 * r)}" rx="${n(r * 0.5)}" ${stroke}/>`,
      `<path d="M ${n(x - gap + turn + r)} ${n(eyeY)} L ${n(x + gap + turn - r)} ${n(eyeY)}" ${stroke}/>`,
    );
  }
  const noseY = y + ry * random.between(0.18, 0.32);
  parts.push(
    `<path d="M ${n(x + turn - 6)} ${n(eyeY + eye)} Q ${n(x + turn + random.between(-40, 40))} ${n(noseY)} ${n(x + turn + 18)} ${n(noseY + 6)}" stroke="#000" stroke-opacity="0.3" stroke-width="9" fill="none"/>`,
  );
  const mouthY = y + ry * random.between(0.48, 0.6);
  const mouth = rx * random.between(0.25, 0.45);
  const smile = random.between(-6, 60);
  if (random.chance(0.3))
    parts.push(
      `<path d="M ${n(x - rx * 0.86)} ${n(y + ry * 0.25)} Q ${n(x - rx * 0.6)} ${n(y + ry * 1.12)} ${n(x)} ${n(y + ry * 1.1)} Q ${n(x + rx * 0.6)} ${n(y + ry * 1.12)} ${n(x + rx * 0.86)} ${n(y + ry * 0.25)} Q ${n(x)} ${n(y + ry * 0.55)} ${n(x - rx * 0.86)} ${n(y + ry * 0.25)} Z" fill="${hair}" opacity="0.9"/>`,
    );
  parts.push(
    `<path d="M ${n(x + turn - mouth)} ${n(mouthY)} Q ${n(x + turn)} ${n(mouthY + smile)} ${n(x + turn + mouth)} ${n(mouthY + random.between(-8, 8))} Q ${n(x + turn)} ${n(mouthY + smile * 0.4)} ${n(x + turn - mouth)} ${n(mouthY)} Z" fill="#8e3b3b" stroke="#6d2a2a" stroke-width="5"/>`,
  );
  return parts.join("");
}

/**
 * A portrait as SVG in a view box 1000 wide. Everything that a comparison of pictures sees (backdrop, pose, light, hair, clothes) varies
 * by person, so that two people never look alike after a high-pass at 32x32.
 */
export function faceSvg(random: Random, pixelWidth: number, pixelHeight: number): string {
  const height = Math.round((1000 * pixelHeight) / pixelWidth);
  const zoom = random.between(0.82, 1.22);
  const x = 500 + random.between(-110, 110);
  const y = height * 0.42 + random.between(-70, 60);
  const rx = 170 * zoom * random.between(0.88, 1.1);
  const ry = 225 * zoom * random.between(0.92, 1.1);
  const head: Head = { x, y, rx, ry };
  const skin = random.pick(SKIN);
  const hair = random.pick(HAIR);
  const tilt = random.between(-11, 11);
  const chin = y + ry;
  const lightX = random.chance(0.5) ? x - rx : x + rx;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${pixelWidth}" height="${pixelHeight}" viewBox="0 0 1000 ${height}">` +
    backdrop(random, height) +
    `<g transform="rotate(${n(tilt)} ${n(x)} ${n(y)})">${hairBack(random, head, hair)}</g>` +
    clothes(random, x + random.between(-40, 40), chin, height, random.between(300, 460) * zoom) +
    `<rect x="${n(x - rx * 0.45)}" y="${n(y + ry * 0.5)}" width="${n(rx * 0.9)}" height="${n(ry * 0.85)}" fill="${skin}" rx="40"/>` +
    `<g transform="rotate(${n(tilt)} ${n(x)} ${n(y)})">` +
    `<ellipse cx="${n(x)}" cy="${n(y)}" rx="${n(rx)}" ry="${n(ry)}" fill="${skin}"/>` +
    `<ellipse cx="${n(lightX)}" cy="${n(y - ry * 0.2)}" rx="${n(rx * 0.9)}" ry="${n(ry)}" fill="url(#${random.chance(0.5) ? "glow" : "dusk"})" opacity="0.45"/>` +
    features(random, head, hair) +
    hairFront(random, head, hair) +
    `</g></svg>`
  );
}
