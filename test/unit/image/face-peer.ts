import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import * as tensors from "@tensorflow/tfjs-core";
import { setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { loadGraphModel } from "@tensorflow/tfjs-converter";
import type { AnswerMap } from "../../../src/image/blazeface.js";
import type { Topology } from "../../../src/image/face-layers.js";

const require = createRequire(import.meta.url);
const MODELS = join(dirname(require.resolve("@vladmandic/human")), "..", "models");

/** Topology and weights as the package has them. */
export function networkFiles(): { readonly topology: Topology; readonly weights: Buffer } {
  const topology = JSON.parse(readFileSync(join(MODELS, "blazeface.json"), "utf8")) as Topology;
  return { topology, weights: readFileSync(join(MODELS, "blazeface.bin")) };
}

const ANY_SIZE = ["1", "-1", "-1", "3"].map((size) => ({ size }));

type Placeholder = { readonly op: string; readonly attr?: { readonly shape?: { readonly shape: { dim: unknown } } } };

/** The same network, worked out by TensorFlow.js: three channels of -1 to 1, row by row, in; the maps before they become lists out. */
export async function peerNet(): Promise<
  (values: Float32Array, width: number, height: number) => Promise<AnswerMap[]>
> {
  const { topology, weights } = networkFiles();
  for (const node of topology.modelTopology.node as readonly Placeholder[])
    if (node.op === "Placeholder" && node.attr?.shape !== undefined) node.attr.shape.shape.dim = ANY_SIZE;
  const maps = topology.modelTopology.node.flatMap(({ op, input }) =>
    op === "Reshape" ? (input ?? []).slice(0, 1) : [],
  );
  setThreadsCount(1);
  setWasmPaths(dirname(require.resolve("@tensorflow/tfjs-backend-wasm")) + sep);
  await tensors.setBackend("wasm");
  await tensors.ready();
  const artifacts = {
    modelTopology: topology.modelTopology,
    weightSpecs: topology.weightsManifest[0].weights,
    weightData: new Uint8Array(weights).buffer,
  };
  const model = await loadGraphModel({ load: async () => artifacts as unknown as tensors.io.ModelArtifacts });
  return async (values, width, height) => {
    const answers = [model.execute(tensors.tensor4d(values, [1, height, width, 3]), maps)].flat();
    return Promise.all(
      answers.map(async (answer) => {
        const [, rows = 0, columns = 0, channels = 0] = answer.shape;
        return { rows, columns, channels, values: Float32Array.from(await answer.data()) };
      }),
    );
  };
}
