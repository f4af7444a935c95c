import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createImageReader, createImageRenderer } from "../../../src/image/index.js";
import type { WorkingCopies } from "../../../src/run/ports.js";
import { type ColourSpace, deltaE, inSrgb } from "./colours.js";
import { ALPHA, DEPTH, heif, type HeifOptions, PATCHES } from "./heif-container.js";
import { masterFile } from "./pictures.js";

const images = createImageReader();
const renditions = createImageRenderer();
let folder = "";
let profile: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "photodrift-heic-"));
  const tagged = await sharp({ create: { width: 8, height: 8, channels: 3, background: "#888" } })
    .withIccProfile("p3")
    .png()
    .toBuffer();
  profile = (await sharp(tagged).metadata()).icc!;
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface Upload {
  readonly width: number;
  readonly height: number;
  /** The colour at a place, in shares of width and height. */
  at(x: number, y: number): readonly [number, number, number];
}

/** What is uploaded of a container, whole. */
async function uploaded(bytes: Buffer): Promise<Upload> {
  const file = path.join(folder, `${Math.random()}.heic`);
  await writeFile(file, bytes);
  const { signature } = await images.signMaster(file);
  const { width, height } = signature;
  expect(signature.format).toBe("heic");
  const { jpeg } = await renditions.cloudPhoto(file, { left: 0, top: 0, width, height }, 1e6);
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  return {
    ...{ width, height },
    at(x, y) {
      const from = 3 * (Math.floor(y * info.height) * info.width + Math.floor(x * info.width));
      return [data[from]!, data[from + 1]!, data[from + 2]!];
    },
  };
}

/** Middle of a patch, in shares. */
const middleOf = (patch: number): readonly [number, number] => [((patch % 4) + 0.5) / 4, patch < 4 ? 0.25 : 0.75];

describe("HEIC masters: colours", () => {
  const cases: readonly (readonly [string, () => HeifOptions, ColourSpace])[] = [
    ["no profile is sRGB", () => ({}), "srgb"],
    ["code points of sRGB", () => ({ nclx: [1, 13] }), "srgb"],
    ["code points that are not specified", () => ({ nclx: [2, 2] }), "srgb"],
    ["the curve of BT.709 is shown by a screen", () => ({ nclx: [1, 1] }), "srgb"],
    ["profile Display P3", () => ({ icc: profile }), "p3"],
    ["code points of Display P3", () => ({ nclx: [12, 13] }), "p3"],
    ["code points of BT.2020 with the curve of sRGB", () => ({ nclx: [9, 13] }), "bt2020"],
    ["the profile wins over code points", () => ({ icc: profile, nclx: [1, 13] }), "p3"],
    ["a grid with code points of Display P3", () => ({ nclx: [12, 13], grid: 2 }), "p3"],
  ];

  it.each(cases)("%s", async (_, options, space) => {
    const container = options();
    const upload = await uploaded(heif(container));
    PATCHES.forEach((patch, i) => {
      const [x, y] = middleOf(i);
      const scale = container.grid ?? 1;
      expect(deltaE(upload.at(x / scale, y / scale), inSrgb(patch, space)), String(patch)).toBeLessThanOrEqual(2);
    });
  });

  it.each([
    ["PQ", 16],
    ["HLG", 18],
  ])("high dynamic range (%s): diffuse white and greys stay neutral, nothing wraps", async (_, transfer) => {
    const upload = await uploaded(heif({ nclx: [9, transfer] }));
    for (const grey of [4, 6, 7]) {
      const colour = upload.at(...middleOf(grey));
      expect(Math.max(...colour) - Math.min(...colour)).toBeLessThanOrEqual(3);
    }
    expect(upload.at(...middleOf(7))).toEqual([255, 255, 255]);
  });
});

describe("HEIC masters: what is shown", () => {
  it("turns and mirrors as the container says: turns against the clock, then the mirror", async () => {
    // Red lies in the left top corner, yellow in the right one, grey below red, white below yellow.
    const [red, yellow, grey, white] = [PATCHES[0], PATCHES[3], PATCHES[4], PATCHES[7]];
    const corners: readonly (readonly [HeifOptions, readonly (readonly [number, number, number])[]])[] = [
      [{}, [red, yellow, grey, white]],
      [{ irot: 1 }, [yellow, white, red, grey]],
      [{ irot: 2 }, [white, grey, yellow, red]],
      [{ irot: 3 }, [grey, red, white, yellow]],
      [{ imir: 0 }, [grey, white, red, yellow]],
      [{ imir: 1 }, [yellow, red, white, grey]],
    ];
    for (const [options, expected] of corners) {
      const upload = await uploaded(heif(options));
      const turned = (options.irot ?? 0) % 2 === 1;
      expect(upload).toMatchObject(turned ? { width: 128, height: 256 } : { width: 256, height: 128 });
      const [x, y] = turned ? [0.25, 0.125] : [0.125, 0.25];
      const seen = [upload.at(x, y), upload.at(1 - x, y), upload.at(x, 1 - y), upload.at(1 - x, 1 - y)];
      seen.forEach((colour, i) => expect(deltaE(colour, expected[i]!), JSON.stringify(options)).toBeLessThanOrEqual(2));
    }
  });

  it.each<readonly [string, HeifOptions]>([
    ["alpha", { auxiliary: [ALPHA] }],
    ["depth", { auxiliary: [DEPTH] }],
    ["a gain map and other mattes", { auxiliary: ["urn:com:apple:photo:2020:aux:hdrgainmap", DEPTH, ALPHA] }],
    ["a thumbnail", { thumbnail: true }],
    ["brand mif1", { brand: "mif1" }],
    ["brand heix", { brand: "heix" }],
  ])("%s beside the primary image changes nothing", async (_, options) => {
    const upload = await uploaded(heif(options));
    PATCHES.forEach((patch, i) => expect(deltaE(upload.at(...middleOf(i)), patch)).toBeLessThanOrEqual(2));
  });
});

describe("HEIC masters: cost", () => {
  it("is decoded once a content, whatever is asked of it", async () => {
    const kept = new Map<string, Buffer>();
    let decoded = 0;
    const copies: WorkingCopies = {
      get: async (key) => kept.get(key) ?? null,
      put: async (key, copy) => {
        decoded++;
        kept.set(key, copy);
      },
    };
    const file = path.join(folder, "once.heic");
    await writeFile(file, heif({ grid: 2 }));
    const reader = createImageReader({ copies });
    const { crop } = await reader.signMaster(file);
    await reader.references(masterFile(file), crop, { width: 96, height: 96 });
    const writer = createImageRenderer({ copies });
    for (const side of [48, 72, 200]) await writer.thumbnail(file, crop, side);
    await Promise.all([
      writer.cloudPhoto(file, crop, 1e6),
      createImageReader({ copies }).masterPreview(masterFile(file), crop),
    ]);
    expect(decoded).toBe(1);
  });

  it("readings at the same time share one decoding", async () => {
    let decoded = 0;
    const copies: WorkingCopies = { get: async () => null, put: async () => void decoded++ };
    const reader = createImageReader({ copies });
    const bytes = heif({ grid: 2 });
    await Promise.all([reader.sign(bytes), reader.sign(bytes)]);
    expect(decoded).toBe(1);
  });

  it("a working copy that cannot be read is made again", async () => {
    const copies: WorkingCopies = { get: async () => Buffer.from("no copy of anything"), put: async () => undefined };
    expect(await createImageReader({ copies }).sign(heif())).toMatchObject({ width: 256, height: 128 });
  });
});

/** Boxes of ISO/IEC 14496-12 beside or instead of a still picture. */
function isoBox(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(8 + body.length);
  return Buffer.concat([length, Buffer.from(type, "latin1"), body]);
}

const fileType = (...[major, ...others]: readonly string[]) =>
  isoBox("ftyp", Buffer.from(`${major}\0\0\0\0${[major, ...others].join("")}`, "latin1"));
const TRACKS = isoBox("moov", isoBox("mvhd", Buffer.alloc(100)));

/** The same file under another major brand, with tracks after it: offsets of its still picture stay right. */
function besideSequence(still: Buffer, brand: string): Buffer {
  const renamed = Buffer.from(still);
  renamed.write(brand, 8, "latin1");
  return Buffer.concat([renamed, TRACKS]);
}

// ISO/IEC 23008-12 section 10 and AV1 Image File Format 1.1 section 6: brands of sequences, which may hold a still picture as well.
describe("image sequences", () => {
  it.each(["msf1", "hevc", "hevx", "mif1", "heic"])("HEIC of brand %s: its still picture is shown", async (brand) => {
    const upload = await uploaded(besideSequence(heif(), brand));
    PATCHES.forEach((patch, i) => expect(deltaE(upload.at(...middleOf(i)), patch)).toBeLessThanOrEqual(2));
  });

  it.each(["avis", "msf1", "mif1", "avif"])("AVIF of brand %s: its still picture is shown", async (brand) => {
    const still = await sharp({ create: { width: 300, height: 200, channels: 3, background: "#b03a2e" } })
      .avif({ quality: 90, chromaSubsampling: "4:4:4" })
      .toBuffer();
    const file = path.join(folder, `${brand}.avif`);
    await writeFile(file, besideSequence(still, brand));
    const { signature } = await images.signMaster(file);
    expect(signature).toMatchObject({ format: "avif", width: 300, height: 200 });
    const { jpeg } = await renditions.cloudPhoto(file, { left: 0, top: 0, width: 200, height: 200 }, 1e6);
    const [red, green, blue] = await sharp(jpeg).resize(1, 1).raw().toBuffer();
    expect(deltaE([red!, green!, blue!], [0xb0, 0x3a, 0x2e])).toBeLessThanOrEqual(2);
  });

  it.each([
    ["msf1", "hevc"],
    ["hevc", "mp41"],
    ["hevx", "msf1"],
    ["avis", "msf1"],
    ["hevm", "msf1"],
    ["mif1", "hevs"],
  ])("tracks alone (%s %s): it is said what the file is, and how to get a picture out of it", async (...brands) => {
    const bytes = Buffer.concat([fileType(...brands), TRACKS, isoBox("mdat", Buffer.alloc(400))]);
    await expect(images.sign(bytes)).rejects.toMatchObject({
      code: "unreadable-image",
      message: expect.stringMatching(/image sequence/) as string,
      hint: expect.stringMatching(/one picture.*JPEG/) as string,
    });
  });

  it("a container that breaks off anywhere is refused, whatever it holds", async () => {
    const whole = Buffer.concat([fileType("msf1", "hevc"), heif().subarray(24), TRACKS]);
    for (let length = 12; length < 700; length += 37) {
      await expect(images.sign(whole.subarray(0, length))).rejects.toMatchObject({ code: "unreadable-image" });
    }
  });
});
