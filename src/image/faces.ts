import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { decodeFaces, type Face, INPUT_SIDE, type MapAnswer } from "./blazeface.js";
import type { Raster, Region } from "./pixels.js";
import { extractRaster } from "./raster.js";

type Tensors = typeof import("@tensorflow/tfjs-core");
type Model = import("@tensorflow/tfjs-converter").GraphModel;

interface Detector {
  readonly tensors: Tensors;
  readonly model: Model;
}

/** Guesses below this are no faces. */
const LEAST_SCORE = 0.3;
/** From here on it is a face without any doubt: portraits of 129 people have 0.62 and more, but for one (README.md). */
export const SURE_SCORE = 0.65;

let loading: Promise<Detector | null> | null = null;

/**
 * The faces in a picture, surest first, in its own pixels. A picture whose face is small is looked at once more in its upper part.
 * Empty also where the detector cannot be loaded: everything that asks has an answer without it.
 */
export async function detectFaces(raster: Raster): Promise<readonly Face[]> {
  loading ??= loadDetector().catch(() => null);
  const detector = await loading;
  if (detector === null) return [];
  const whole = { left: 0, top: 0, width: raster.width, height: raster.height };
  const found = await facesIn(detector, raster, whole);
  if ((found[0]?.score ?? 0) >= SURE_SCORE) return found;
  const closer = await facesIn(detector, raster, upperPart(raster));
  return (closer[0]?.score ?? 0) > (found[0]?.score ?? 0) ? closer : found;
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
async function loadDetector(): Promise<Detector> {
  const require = createRequire(import.meta.url);
  const tensors = await import("@tensorflow/tfjs-core");
  const { setThreadsCount, setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  const { loadGraphModel } = await import("@tensorflow/tfjs-converter");
  setThreadsCount(1);
  setWasmPaths(dirname(require.resolve("@tensorflow/tfjs-backend-wasm")) + sep);
  await tensors.setBackend("wasm");
  await tensors.ready();
  const models = join(dirname(require.resolve("@vladmandic/human")), "..", "models");
  const weights = await readFile(join(models, "blazeface.bin"));
  const topology: unknown = JSON.parse(await readFile(join(models, "blazeface.json"), "utf8"));
  const model = await loadGraphModel({ load: async () => artifacts(topology, weights) });
  return { tensors, model };
}

type Artifacts = import("@tensorflow/tfjs-core").io.ModelArtifacts;

function artifacts(topology: unknown, weights: Buffer): Artifacts {
  const { modelTopology, weightsManifest } = topology as {
    readonly modelTopology: object;
    readonly weightsManifest: readonly [{ readonly weights: NonNullable<Artifacts["weightSpecs"]> }];
  };
  const weightData = new Uint8Array(weights).buffer;
  return { modelTopology, weightSpecs: weightsManifest[0].weights, weightData };
}

async function facesIn({ tensors, model }: Detector, raster: Raster, region: Region): Promise<readonly Face[]> {
  const scale = INPUT_SIDE / Math.max(region.width, region.height);
  const width = Math.max(1, Math.round(region.width * scale));
  const height = Math.max(1, Math.round(region.height * scale));
  const shown = await extractRaster(raster, region, width, height);
  const canvas = Buffer.alloc(INPUT_SIDE * INPUT_SIDE * 3);
  for (let y = 0; y < height; y++) {
    shown.data.copy(canvas, y * INPUT_SIDE * 3, y * width * 3, (y + 1) * width * 3);
  }
  const faces = decodeFaces(await answersOf(tensors, model, canvas), LEAST_SCORE);
  return faces.map((face) => placed(face, region, scale)).filter((face) => isInside(face, raster));
}

async function answersOf(tensors: Tensors, model: Model, rgb: Buffer): Promise<readonly [MapAnswer, MapAnswer]> {
  const outputs = tensors.tidy(() => {
    const pixels = tensors.tensor4d(new Uint8Array(rgb), [1, INPUT_SIDE, INPUT_SIDE, 3], "int32");
    return [model.execute(tensors.sub(tensors.div(tensors.cast(pixels, "float32"), 127.5), 1))].flat();
  });
  const byShape = new Map<string, Float32Array>();
  for (const output of outputs) {
    byShape.set(output.shape.slice(1).join("x"), Float32Array.from(await output.data()));
    output.dispose();
  }
  const none = new Float32Array(0);
  const map = (guesses: number): MapAnswer => ({
    scores: byShape.get(`${guesses}x1`) ?? none,
    boxes: byShape.get(`${guesses}x16`) ?? none,
  });
  return [map(512), map(384)];
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
