import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { decodeFaces, type Face } from "./blazeface.js";
import { layersOf, type Topology } from "./face-layers.js";
import { createFaceNet, type FaceNet } from "./face-net.js";
import type { Raster, Region } from "./pixels.js";
import { extractRaster } from "./raster.js";

/** Guesses below this are no faces. */
const LEAST_SCORE = 0.3;
/** From here on it is a face without any doubt: portraits of 129 people have 0.62 and more, but for one (README.md). */
export const SURE_SCORE = 0.65;

let loading: Promise<FaceNet | null> | null = null;

/** Sides of the detector's input, in pixels: half as many take a quarter of the time. */
const WHOLE_SIDE = 256;
const QUICK_SIDE = 128;
/** Least width of a face that a quick look finds as surely, by the longer side of the picture. */
const LARGE_FACE = 0.16;

/**
 * The faces in a picture, surest first, in its own pixels. A picture whose face is small is looked at once more in its upper part.
 * Empty also where the detector cannot be loaded: everything that asks has an answer without it.
 */
export async function detectFaces(raster: Raster): Promise<readonly Face[]> {
  const net = await loaded();
  if (net === null) return [];
  const found = await facesIn(net, raster, wholeOf(raster), WHOLE_SIDE);
  if ((found[0]?.score ?? 0) >= SURE_SCORE) return found;
  const closer = await facesIn(net, raster, upperPart(raster), WHOLE_SIDE);
  return (closer[0]?.score ?? 0) > (found[0]?.score ?? 0) ? closer : found;
}

/**
 * The same where it matters whether there is a face, not where its eyes are to a hair: one that is sure and fills much of the picture is found in a quarter
 * of the time.
 */
export async function detectFacesQuickly(raster: Raster): Promise<readonly Face[]> {
  const net = await loaded();
  const found = net === null ? [] : await facesIn(net, raster, wholeOf(raster), QUICK_SIDE);
  const longer = Math.max(raster.width, raster.height);
  const settled = found.some(({ score, width }) => score >= SURE_SCORE && width >= LARGE_FACE * longer);
  return settled ? found : detectFaces(raster);
}

function loaded(): Promise<FaceNet | null> {
  return (loading ??= loadNet().catch(() => null));
}

function wholeOf({ width, height }: Raster): Region {
  return { left: 0, top: 0, width, height };
}

/** Where the face of a standing person is: the middle of the upper part, at twice the scale. */
function upperPart({ width, height }: Raster): Region {
  const side = Math.max(1, Math.round(Math.min(width, 0.6 * Math.max(width, height))));
  const tall = Math.min(side, height);
  return {
    left: Math.floor((width - side) / 2),
    top: Math.floor((height - tall) * 0.25),
    width: side,
    height: tall,
  };
}

/** Weights and topology come out of the package @vladmandic/human; nothing is fetched, and of its models only this one is read. */
async function loadNet(): Promise<FaceNet> {
  const require = createRequire(import.meta.url);
  const models = join(dirname(require.resolve("@vladmandic/human")), "..", "models");
  const weights = await readFile(join(models, "blazeface.bin"));
  const topology = JSON.parse(await readFile(join(models, "blazeface.json"), "utf8")) as Topology;
  return createFaceNet(layersOf(topology, weights));
}

/** @param side longer side of what the network is shown, in pixels; a multiple of 32 */
async function facesIn(net: FaceNet, raster: Raster, region: Region, side: number): Promise<readonly Face[]> {
  const scale = side / Math.max(region.width, region.height);
  const width = Math.max(1, Math.round(region.width * scale));
  const height = Math.max(1, Math.round(region.height * scale));
  const { data } = await extractRaster(raster, region, width, height);
  const [across, down] = [withMargin(width, side), withMargin(height, side)];
  const maps = net.answer(across, down, (values, at, stride) => {
    for (let y = 0; y < down; y++) {
      const to = at + y * stride;
      const shown = y < height ? width * 3 : 0;
      for (let i = 0, from = y * width * 3; i < shown; i++) values[to + i] = INPUT[data[from + i]!]!;
      values.fill(INPUT[0]!, to + shown, to + across * 3);
    }
  });
  const faces = decodeFaces(maps, across, LEAST_SCORE);
  return faces.map((face) => placed(face, region, scale)).filter((face) => isInside(face, raster));
}

/** What the network is given for a byte: -1 to 1. */
const INPUT = Float32Array.from({ length: 256 }, (_, value) => Math.fround(value / 127.5) - 1);

/** Pixels of a cell of the coarse map: what is shown ends with a whole one. */
const COARSE_CELL = 32;
/** Pixels of black beside the shorter side: a face that reaches the edge is measured better before something than before nothing. */
const MARGIN = 16;

function withMargin(length: number, side: number): number {
  return Math.min(side, Math.ceil((length + MARGIN) / COARSE_CELL) * COARSE_CELL);
}

function placed(face: Face, region: Region, scale: number): Face {
  const point = ({ x, y }: Face["mouth"]) => ({ x: region.left + x / scale, y: region.top + y / scale });
  return {
    score: face.score,
    ...{ left: region.left + face.left / scale, top: region.top + face.top / scale },
    width: face.width / scale,
    height: face.height / scale,
    eyes: [point(face.eyes[0]), point(face.eyes[1])],
    mouth: point(face.mouth),
  };
}

function isInside({ left, top, width, height }: Face, raster: Raster): boolean {
  const [x, y] = [left + width / 2, top + height / 2];
  return x >= 0 && y >= 0 && x <= raster.width && y <= raster.height && width > 4;
}
