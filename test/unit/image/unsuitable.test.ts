import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createImageReader } from "../../../src/image/index.js";
import { ANNA, BORIS, portrait, sitter } from "./pictures.js";

const images = createImageReader();
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "photodrift-unsuitable-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function judged(bytes: Buffer): Promise<string | null> {
  const at = path.join(folder, "master");
  await writeFile(at, bytes);
  return (await images.signMaster(at)).unsuitable?.kind ?? null;
}

function drawing(body: string, width = 400, height = 400): Buffer {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 400 400">${body}</svg>`,
  );
}

const flat = (fill: string): string => `<rect width="400" height="400" fill="${fill}"/>`;
const bust = (fill: string): string =>
  `<circle cx="200" cy="150" r="75" fill="${fill}"/><path d="M50 400 q0 -150 150 -150 q150 0 150 150z" fill="${fill}"/>`;
const gradient = (id: string, a: string, b: string): string =>
  `<defs><linearGradient id="${id}" x2="1" y2="1"><stop stop-color="${a}"/><stop offset="1" stop-color="${b}"/></linearGradient></defs>`;
const letters = (text: string, fill: string, font: string): string =>
  `<text x="200" y="250" font-size="150" font-family="${font}" text-anchor="middle" fill="${fill}">${text}</text>`;

const DRAWN: readonly (readonly [string, string])[] = [
  ["a grey bust on grey", flat("#d9d9d9") + bust("#a6a6a6")],
  ["a white bust on blue", flat("#0078d4") + bust("#fff")],
  ["a dark bust on white", flat("#fff") + bust("#222")],
  ["a bust over a gradient", gradient("b", "#9ad", "#247") + flat("url(#b)") + bust("#eee")],
  ["a bust with a gradient of its own", gradient("f", "#ccc", "#777") + flat("#eee") + bust("url(#f)")],
  ["a bust in a circle", flat("#fff") + `<circle cx="200" cy="200" r="190" fill="#c8c6c4"/>` + bust("#979593")],
  ["a bust with hair", `${flat("#e8e8e8")}<ellipse cx="200" cy="150" rx="110" ry="130" fill="#555"/>${bust("#999")}`],
  ["initials on a tile", flat("#8764b8") + letters("AB", "#fff", "sans-serif")],
  ["initials in a circle", `<circle cx="200" cy="200" r="198" fill="#da3b01"/>` + letters("Q", "#fff", "serif")],
  ["a gradient", gradient("g", "#204060", "#e0a080") + flat("url(#g)")],
];

/** 0 or 1, the same in each run. */
const bit = (at: number): boolean => (((at + 7) * 2_654_435_761) >>> 13) % 2 === 1;
const many = (count: number, body: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => body(at)).join("");
const word = (x: number, y: number, width: number, fill: string): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="6" fill="${fill}"/>`;

const PRINTED: readonly (readonly [string, string])[] = [
  [
    "a code of squares",
    flat("#fff") +
      many(29 * 29, (i) =>
        bit(i) ? `<rect x="${26 + (i % 29) * 12}" y="${26 + Math.floor(i / 29) * 12}" width="12" height="12"/>` : "",
      ),
  ],
  [
    "a page of text",
    flat("#fff") +
      many(30 * 14, (i) => word(24 + (i % 14) * 25, 20 + Math.floor(i / 14) * 12, bit(i) ? 12 : 20, "#222")),
  ],
  [
    "a list on a screen",
    flat("#f8f8f8") +
      `<rect width="400" height="28" fill="#2b579a"/>` +
      many(90, (i) =>
        word(20 + (i % 3) * 125, 44 + Math.floor(i / 3) * 12, bit(i) ? 60 : 100, i % 3 === 0 ? "#06c" : "#777"),
      ),
  ],
  ["stripes", flat("#fff") + many(20, (i) => `<rect x="${i * 20}" width="10" height="400" fill="#d33"/>`)],
];

describe("masters that are no portraits", () => {
  it.each([...DRAWN, ...PRINTED])("%s, as PNG and as JPEG at three sizes and qualities", async (_, body) => {
    const files = [
      sharp(drawing(body)).png(),
      ...[
        [240, 60],
        [648, 85],
        [1200, 92],
      ].map(([side, quality]) =>
        sharp(drawing(body, side, side))
          .flatten({ background: "#fff" })
          .jpeg({ quality: quality! }),
      ),
    ];
    for (const file of files) expect(await judged(await file.toBuffer())).toBe("drawn");
  });

  it.each([
    ["white", "#ffffff"],
    ["grey", "#808080"],
    ["green", "#2a8f3c"],
  ])("nothing but %s", async (_, background) => {
    const blank = sharp({ create: { width: 500, height: 600, channels: 3, background } });
    expect(await judged(await blank.clone().jpeg({ quality: 80 }).toBuffer())).toBe("blank");
    expect(await judged(await blank.png({ palette: true }).toBuffer())).toBe("blank");
  });

  it("wholly transparent, whatever colours lie beneath", async () => {
    const anna = sharp(await portrait(ANNA, 400)).ensureAlpha(0);
    expect(await judged(await anna.clone().png().toBuffer())).toBe("transparent");
    expect(await judged(await anna.webp().toBuffer())).toBe("transparent");
    const grey = await sharp(await portrait(ANNA, 400))
      .greyscale()
      .ensureAlpha(0)
      .toColourspace("b-w")
      .png()
      .toBuffer();
    expect(await judged(grey)).toBe("transparent");
  });

  it("longer than 2.5 to 1, either way", async () => {
    const strip = (width: number, height: number) => portrait(BORIS, width, height);
    expect(await judged(await strip(3000, 300))).toBe("extreme-aspect");
    expect(await judged(await strip(300, 900))).toBe("extreme-aspect");
    expect(await judged(await strip(600, 1400))).toBeNull();
  });
});

describe("masters that are portraits", () => {
  it("drawn ones with eyes and a mouth, with alpha, on black, very light", async () => {
    for (const who of [ANNA, BORIS, ...Array.from({ length: 8 }, (_, i) => sitter(i))]) {
      expect(await judged(await portrait(who, 600, 800)), JSON.stringify(who)).toBeNull();
    }
    const anna = sharp(await portrait(ANNA, 500));
    expect(await judged(await anna.clone().ensureAlpha(0.8).png().toBuffer())).toBeNull();
    expect(await judged(await anna.clone().linear(0.6, 95).jpeg().toBuffer())).toBeNull();
    expect(await judged(await anna.clone().extend({ top: 60, left: 90, right: 90 }).jpeg().toBuffer())).toBeNull();
  });
});
