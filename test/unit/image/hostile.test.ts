import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createImageReader, createImageRenderer } from "../../../src/image/index.js";
import { PhotodriftError } from "../../../src/model/errors.js";
import { ANNA, masterFile, portrait } from "./pictures.js";

const images = createImageReader();
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "photodrift-hostile-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function refusal(work: Promise<unknown>): Promise<PhotodriftError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PhotodriftError);
  return error as PhotodriftError;
}

/** A PNG whose header promises that many pixels; the body is a few zeros. */
function bomb(width: number, height: number): Buffer {
  const chunk = (type: string, body: Buffer) => {
    const out = Buffer.alloc(12 + body.length);
    out.writeUInt32BE(body.length, 0);
    out.write(type, 4, "latin1");
    body.copy(out, 8);
    out.writeUInt32BE(crc32(out.subarray(4, 8 + body.length)), 8 + body.length);
    return out;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const body = deflateSync(Buffer.alloc(100_000));
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", body), chunk("IEND", Buffer.alloc(0))]);
}

describe("what is wrong with a file", () => {
  it("is told in the same words whatever else fails at the same time", async () => {
    const whole = [
      await portrait(ANNA, 300, 300),
      await sharp(await portrait(ANNA, 300, 300))
        .png()
        .toBuffer(),
    ];
    whole.push(await sharp(whole[0]).webp().toBuffer());
    const broken = Buffer.from(whole[1]!).fill(7, 3000, 9000);
    const cut = whole.flatMap((bytes) => [0.2, 0.5, 0.8].map((share) => bytes.subarray(0, bytes.length * share)));
    const files = [...cut, broken, ...cut, Buffer.from("no picture".repeat(50)), ...cut];
    const told = (bytes: Buffer) => refusal(images.sign(bytes)).then(({ message }) => message);
    const alone: string[] = [];
    for (const bytes of files) alone.push(await told(bytes));
    expect(new Set(alone).size).toBeGreaterThan(2);
    for (let round = 0; round < 8; round++) expect(await Promise.all(files.map(told))).toEqual(alone);
  });
});

describe("files that are no usable images", () => {
  const cases: readonly (readonly [string, () => Promise<Buffer>, RegExp])[] = [
    ["zero bytes", async () => Buffer.alloc(0), /empty/],
    [
      "an HTML sign-in page",
      async () => Buffer.from("\n <!DOCTYPE html><html><body>Sign in</body></html>"),
      /web page/,
    ],
    ["text", async () => Buffer.from("not a picture at all, just words ".repeat(20)), /not an image/],
    ["a PDF", async () => Buffer.from("%PDF-1.7\n1 0 obj"), /PDF/],
    ["a macOS resource file", async () => Buffer.from("0005160700020000" + "00".repeat(60), "hex"), /AppleDouble/],
    ["a JPEG cut in the middle", async () => cut(await portrait(ANNA), 0.5), /truncated/],
    [
      "a PNG cut in the middle",
      async () =>
        cut(
          await sharp(await portrait(ANNA))
            .png()
            .toBuffer(),
          0.5,
        ),
      /truncated|damaged/,
    ],
    [
      "a JPEG that ends after its header",
      async () => cut(await portrait(ANNA), 0.01),
      /truncated|damaged|not an image/,
    ],
    ["a decompression bomb", async () => bomb(60_000, 60_000), /too many/],
    ["a header that lies", async () => bomb(4_000, 4_000), /truncated|damaged/],
  ];

  it.each(cases)("%s: a reason and a cure", async (_, make, reason) => {
    const error = await refusal(images.sign(await make()));
    expect(error.code).toBe("unreadable-image");
    expect(error.message).toMatch(reason);
    expect(error.hint).not.toBe("");
    expect(error.errorClass).toBe("failed");
  });

  it("a file that is gone, a folder, and a file beyond the limit", async () => {
    await mkdir(path.join(folder, "folder.jpg"));
    const large = path.join(folder, "large.jpg");
    await writeFile(large, await portrait(ANNA));
    const strict = createImageReader({ maxBytes: 1000 });
    expect((await refusal(images.signMaster(path.join(folder, "gone.jpg")))).message).toMatch(/gone/);
    expect((await refusal(images.signMaster(path.join(folder, "folder.jpg")))).message).toMatch(/folder/);
    expect((await refusal(strict.signMaster(large))).message).toMatch(/too many/);
  });

  it("HEIC without a decodable body names the cure", async () => {
    const error = await refusal(
      images.sign(Buffer.concat([Buffer.from("00000018667479706865696300000000", "hex"), Buffer.alloc(64)])),
    );
    expect(error.code).toBe("unreadable-image");
    expect(error.hint).toMatch(/JPEG/);
  });

  it("a bad file spoils nothing for those after it", async () => {
    const good = await portrait(ANNA, 200);
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, async (_, i) => images.sign(i % 2 ? good : cut(good, 0.4))),
    );
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(10);
  });
});

describe("odd files that are images", () => {
  it("one pixel", async () => {
    const bytes = await sharp({ create: { width: 1, height: 1, channels: 3, background: "#888" } })
      .png()
      .toBuffer();
    expect(await images.sign(bytes)).toMatchObject({ width: 1, height: 1, spectrum: [] });
  });

  it("a panorama of 20,000 px and its reference", async () => {
    const bytes = await sharp({ create: { width: 20_000, height: 300, channels: 3, background: "#4a7" } })
      .jpeg()
      .toBuffer();
    const at = path.join(folder, "panorama.jpg");
    await writeFile(at, bytes);
    const { crop } = await images.signMaster(at);
    expect(crop).toMatchObject({ width: 300, height: 300 });
    const references = await images.references(masterFile(at), crop, { width: 96, height: 96 });
    expect(references[0]).toMatchObject({ framing: "chosen-crop", signature: { width: 96, height: 96 } });
  });

  it("CMYK, 16 bits, greyscale, animation and a wrong extension", async () => {
    const source = await portrait(ANNA, 200);
    const cmyk = await sharp(source).toColourspace("cmyk").jpeg().toBuffer();
    const deep = await sharp(source).toColourspace("rgb16").png().toBuffer();
    const grey = await sharp(source).greyscale().png().toBuffer();
    const frames = await sharp([source, await sharp(source).negate().toBuffer()], { join: { animated: true } })
      .gif()
      .toBuffer();
    const reference = await images.sign(source);
    for (const bytes of [cmyk, deep, grey, frames]) {
      const signature = await images.sign(bytes);
      expect(signature).toMatchObject({ width: 200, height: 200 });
      const apart = signature.luma.reduce((sum, value, i) => sum + Math.abs(value - reference.luma[i]!), 0) / 4096;
      expect(apart).toBeLessThan(12);
    }
    const at = path.join(folder, "really-a-png.jpg");
    await writeFile(at, deep);
    expect((await images.signMaster(at)).signature.format).toBe("png");
  });

  it("renders a master that was replaced by a smaller one without trusting the old crop", async () => {
    const at = path.join(folder, "replaced.jpg");
    await writeFile(at, await portrait(ANNA, 800));
    const { crop } = await images.signMaster(at);
    await writeFile(at, await portrait(ANNA, 300));
    const { jpeg: thumbnail } = await createImageRenderer().thumbnail(at, crop, 96);
    expect(await sharp(thumbnail).metadata()).toMatchObject({ width: 96, height: 96 });
    expect(await images.references(masterFile(at), crop, { width: 96, height: 96 })).not.toHaveLength(0);
  });
});

function cut(bytes: Buffer, share: number): Buffer {
  return bytes.subarray(0, Math.floor(bytes.length * share));
}
