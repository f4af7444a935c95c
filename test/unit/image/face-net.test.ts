import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import wabt from "wabt";
import type { AnswerMap } from "../../../src/image/blazeface.js";
import { layersOf, type Topology } from "../../../src/image/face-layers.js";
import { FACE_NET } from "../../../src/image/face-net-module.js";
import { createFaceNet } from "../../../src/image/face-net.js";
import { moduleBytes } from "../../../src/model/web-assembly.js";
import { seeded } from "../../support/seeded.js";
import { networkFiles, peerNet } from "./face-peer.js";

const SOURCE = join(import.meta.dirname, "../../../src/image/face-net.wat");

function noise(length: number, seed: number): Float32Array {
  const next = seeded(seed);
  return Float32Array.from({ length }, () => 2 * next() - 1);
}

function byChannels(maps: readonly AnswerMap[]): readonly AnswerMap[] {
  return [...maps].sort((a, b) => a.channels - b.channels);
}

describe("the network that finds faces", () => {
  const { topology, weights } = networkFiles();
  const net = createFaceNet(layersOf(topology, weights));

  function answer(values: Float32Array, width: number, height: number): readonly AnswerMap[] {
    return net.answer(width, height, (to, at, stride) => {
      for (let y = 0; y < height; y++) to.set(values.subarray(y * width * 3, (y + 1) * width * 3), at + y * stride);
    });
  }

  it("is worked out by a module that is made of the text beside it", async () => {
    const { buffer } = (await wabt()).parseWat("face-net.wat", readFileSync(SOURCE, "utf8")).toBinary({});
    expect(Buffer.from(moduleBytes(FACE_NET))).toEqual(Buffer.from(buffer));
  });

  it("answers what TensorFlow.js does, for pictures of any size one after the other", async () => {
    const peer = await peerNet();
    const sizes = [
      [256, 256],
      [128, 128],
      [32, 32],
      [256, 192],
      [96, 256],
      [64, 32],
      [160, 224],
      [256, 256],
    ] as const;
    for (const [at, [width, height]] of sizes.entries()) {
      const values = noise(width * height * 3, at + 1);
      const expected = byChannels(await peer(values, width, height));
      const found = byChannels(answer(values, width, height));
      expect(found.map(({ rows, columns, channels }) => [rows, columns, channels])).toEqual(
        expected.map(({ rows, columns, channels }) => [rows, columns, channels]),
      );
      for (const [map, { values: numbers }] of expected.entries()) {
        const largest = numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        const apart = numbers.reduce((most, value, i) => Math.max(most, Math.abs(value - found[map]!.values[i]!)), 0);
        expect(apart).toBeLessThan(1e-5 * (largest + 1));
      }
    }
  });

  it("knows nothing of the picture before", () => {
    const values = noise(128 * 96 * 3, 5);
    const before = answer(values, 128, 96);
    answer(noise(256 * 256 * 3, 6), 256, 256);
    expect(answer(values, 128, 96)).toEqual(before);
  });

  it("is refused where the file holds another one", () => {
    const nodes = topology.modelTopology.node;
    const without = (op: string): Topology => ({
      ...topology,
      modelTopology: { node: nodes.filter((node) => node.op !== op) },
    });
    for (const op of ["AddV2", "DepthwiseConv2dNative", "_FusedConv2D", "Reshape"])
      expect(() => layersOf(without(op), weights)).toThrow();
    const unrectified = nodes.map((node) => ({ ...node, attr: { ...node.attr, fused_ops: { list: { s: [] } } } }));
    expect(() => layersOf({ ...topology, modelTopology: { node: unrectified } }, weights)).toThrow(/ends with/);
    expect(() => layersOf({ ...topology, weightsManifest: [{ weights: [] }] }, weights)).toThrow(/no weights/);
    expect(() => layersOf(topology, weights.subarray(0, 1000))).toThrow();
  });
});
