import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import {
  AlphaAction,
  Channels,
  FilterType,
  type IMagickImage,
  ImageMagick,
  initializeImageMagick,
  MagickColors,
  MagickFormat,
  MagickImageInfo,
  MagickReadSettings,
} from "@imagemagick/magick-wasm";
import { answerOnce, type Decoded, refusesSize } from "./child-main.js";
import { type DecodeRequest, QUALITY, workingSize } from "./protocol.js";

/** What of a file is kept with its pixels: how their colours are meant, and nothing of who took them where. */
const KEPT_PROFILE = "icc";

/** The first frame of a file, of an icon the largest one, as a JPEG without loss of colour resolution: on white, turned upright, with its profile. */
async function decode(bytes: Buffer, request: DecodeRequest): Promise<Decoded> {
  const require = createRequire(import.meta.url);
  await initializeImageMagick(readFileSync(require.resolve("@imagemagick/magick-wasm/magick.wasm")));
  const format = request.format as MagickFormat;
  const settings = new MagickReadSettings({ format });
  const icon = format === MagickFormat.Ico || format === MagickFormat.Cur;
  if (!icon) {
    settings.frameIndex = 0;
    settings.frameCount = 1;
    const info = MagickImageInfo.create(bytes, settings);
    const tooLarge = refusesSize(info.width, info.height, request);
    if (tooLarge !== null) return tooLarge;
  }
  return ImageMagick.readCollection(bytes, settings, (frames) => {
    const [image] = [...frames].sort((a, b) => b.width * b.height - a.width * a.height);
    if (image === undefined) throw new Error("the file holds no image");
    return refusesSize(image.width, image.height, request) ?? asJpeg(image, request);
  });
}

function asJpeg(image: IMagickImage, { side }: DecodeRequest): Decoded {
  image.autoOrient();
  const { width, height } = image;
  const transparent = image.hasAlpha && isUnseen(image);
  if (image.hasAlpha) {
    image.backgroundColor = MagickColors.White;
    image.alpha(AlphaAction.Remove);
  }
  const small = workingSize(image, side);
  if (small.width < width) image.resize(small.width, small.height, FilterType.Triangle);
  for (const name of image.profileNames) if (name !== KEPT_PROFILE) image.removeProfile(name);
  image.quality = QUALITY;
  image.settings.setDefine(MagickFormat.Jpeg, "sampling-factor", "4:4:4");
  const picture = image.write(MagickFormat.Jpeg, (data) => Uint8Array.from(data));
  return { header: { width, height, transparent }, picture };
}

/** An alpha of this much or less, of 255, is not seen. */
const UNSEEN = 8;

function isUnseen(image: IMagickImage): boolean {
  const [alpha] = image.separate(Channels.Alpha, (parts) => parts.map((part) => part.statistics().composite().maximum));
  return alpha !== undefined && alpha <= UNSEEN;
}

await answerOnce(decode);
