import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { type AnswerMap, decodeFaces, type Face } from "./blazeface.js";
import type { Raster, Region } from "./pixels.js";
import { extractRaster } from "./raster.js";

type Tensors = typeof import("@tensorflow/tfjs-core");
type Model = import("@tensorflow/tfjs-converter").GraphModel;

interface Detector {
  readonly tensors: Tensors;
  readonly model: Model;
  /** Names of its feature maps. */
  readonly outputs: readonly string[];
}

/** Guesses below this are no faces. */
const LEAST_SCORE = 0.3;
/** From here on it is a face without any doubt: portraits of 129 people have 0.62 and more, but for one (README.md). */
export const SURE_SCORE = 0.65;

let loading: Promise<Detector | null> | null = null;

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
  const detector = await loaded();
  if (detector === null) return [];
  const found = await facesIn(detector, raster, wholeOf(raster), WHOLE_SIDE);
  if ((found[0]?.score ?? 0) >= SURE_SCORE) return found;
  const closer = await facesIn(detector, raster, upperPart(raster), WHOLE_SIDE);
  return (closer[0]?.score ?? 0) > (found[0]?.score ?? 0) ? closer : found;
}

/**
 * The same where it matters whether there is a face, not where its eyes are to a hair: one that is sure and fills much of the picture is found in a quarter
 * of the time.
 */
export async function detectFacesQuickly(raster: Raster): Promise<readonly Face[]> {
  const detector = await loaded();
  const found = detector === null ? [] : await facesIn(detector, raster, wholeOf(raster), QUICK_SIDE);
  const longer = Math.max(raster.width, raster.height);
  const settled = found.some(({ score, width }) => score >= SURE_SCORE && width >= LARGE_FACE * longer);
  return settled ? found : detectFaces(raster);
}

function loaded(): Promise<Detector | null> {
  return (loading ??= loadDetector().catch(() => null));
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
  const topology = JSON.parse(await readFile(join(models, "blazeface.json"), "utf8")) as Topology;
  const outputs = ofAnySize(topology.modelTopology.node);
  const model = await loadGraphModel({ load: async () => artifacts(topology, weights) });
  return { tensors, model, outputs };
}

/** What is read of the file (tensorflow/core/framework/graph.proto as JSON). */
interface Topology {
  readonly modelTopology: { readonly node: readonly GraphNode[] };
  readonly weightsManifest: readonly [{ readonly weights: NonNullable<Artifacts["weightSpecs"]> }];
}

interface GraphNode {
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: { readonly shape?: { readonly shape: { dim: readonly { readonly size: string }[] } } };
}

/**
 * Lets the network take squares of any side: it is convolutions throughout, and only what lays its feature maps out as lists knows of 256 pixels.
 * @returns names of the maps before that
 */
function ofAnySize(nodes: readonly GraphNode[]): readonly string[] {
  for (const { op, attr } of nodes) {
    if (op === "Placeholder" && attr?.shape !== undefined) attr.shape.shape.dim = ANY_SIZE;
  }
  return nodes.flatMap(({ op, input }) => (op === "Reshape" ? (input ?? []).slice(0, 1) : []));
}

const ANY_SIZE = ["1", "-1", "-1", "3"].map((size) => ({ size }));

type Artifacts = import("@tensorflow/tfjs-core").io.ModelArtifacts;

function artifacts({ modelTopology, weightsManifest }: Topology, weights: Buffer): Artifacts {
  const weightData = new Uint8Array(weights).buffer;
  return { modelTopology, weightSpecs: weightsManifest[0].weights, weightData };
}

/** @param side longer side of what the network is shown, in pixels; a multiple of 32 */
async function facesIn(
  { tensors, model, outputs }: Detector,
  raster: Raster,
  region: Region,
  side: number,
): Promise<readonly Face[]> {
  const scale = side / Math.max(region.width, region.height);
  const width = Math.max(1, Math.round(region.width * scale));
  const height = Math.max(1, Math.round(region.height * scale));
  const shown = await extractRaster(raster, region, width, height);
  const [across, down] = [withMargin(width, side), withMargin(height, side)];
  const canvas = new Float32Array(across * down * 3).fill(INPUT[0]!);
  for (let y = 0; y < height; y++) {
    const [from, to] = [y * width * 3, y * across * 3];
    for (let i = 0; i < width * 3; i++) canvas[to + i] = INPUT[shown.data[from + i]!]!;
  }
  const input = tensors.tensor4d(canvas, [1, down, across, 3]);
  const answers = [model.execute(input, [...outputs])].flat();
  const maps = await Promise.all(answers.map(asMap));
  tensors.dispose([input, ...answers]);
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

async function asMap(answer: import("@tensorflow/tfjs-core").Tensor): Promise<AnswerMap> {
  const [, rows = 0, columns = 0, channels = 0] = answer.shape;
  return { rows, columns, channels, values: Float32Array.from(await answer.data()) };
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
