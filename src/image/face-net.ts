import { createMemory, type ModuleMemory, roomFor } from "../model/web-assembly.js";
import type { AnswerMap } from "./blazeface.js";
import type { Block, Dense, Layers } from "./face-layers.js";
import { createFaceNetModule, type FaceNetModule } from "./face-net-module.js";

/** The layers of BlazeFace for pictures of any size. */
export interface FaceNet {
  /**
   * The four maps of the network's answer.
   * @param fill puts the picture, three channels of -1 to 1, into rows of `stride` numbers from `at` on
   * @param width in pixels, like `height` a multiple of 32
   */
  answer(
    width: number,
    height: number,
    fill: (values: Float32Array, at: number, stride: number) => void,
  ): readonly AnswerMap[];
}

/** Pixels of a group in face-net.wat, and channels of one. */
const GROUP = 4;
const EIGHT = 8;
/** Pixels on each side of the stem's window, and how far it reaches beyond the picture: the sums are TensorFlow's of padding SAME. */
const WINDOW = 5;
const BEFORE = 1;
const BEHIND = 2;
/** What is read and written behind the end of anything, in bytes. */
const SLACK = 4096;

interface PlacedDense {
  readonly weights: number;
  readonly bias: number;
  /** Of the answer that are meant, and all with those that fill up to a multiple of eight. */
  readonly channels: number;
  readonly padded: number;
}

interface PlacedBlock extends Pick<Block, "stride" | "adds"> {
  readonly depthwise: number;
  readonly dense: PlacedDense;
  /** Channels that go in. */
  readonly channels: number;
}

/** Pixels in rows of `stride` bytes, with one of zeros before and behind each row, and a row of them above and below. */
interface Plane {
  readonly at: number;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly stride: number;
}

export function createFaceNet(layers: Layers): FaceNet {
  const memory = createMemory(1);
  const module = createFaceNetModule(memory);
  const weights = createRoom(memory, 16);
  const stem = placeDense(weights, layers.stem);
  const blocks = layers.blocks.map((block): PlacedBlock => {
    const { stride, adds, depthwise } = block;
    const place = weights.put(depthwise);
    return { stride, adds, depthwise: place, dense: placeDense(weights, block.dense), channels: depthwise.length / 9 };
  });
  const heads = layers.heads.map(({ after, dense }) => ({ after, dense: placeDense(weights, dense) }));
  const free = weights.end();

  return {
    answer(width, height, fill) {
      const room = createRoom(memory, free);
      // No later plane has more numbers, nor a row of them.
      const largest = planeAt(0, width / 2, height / 2, stem.padded);
      const planes = [largest, largest].map((plane) => room.take(plane.stride * (plane.height + 2)));
      const [row, skip] = [room.take(largest.stride), room.take(largest.stride)];
      const stride = (width + BEFORE + BEHIND) * 3;
      const picture = room.take(4 * stride * (height + BEFORE + BEHIND));
      const values = new Float32Array(room.buffer());
      values.fill(0, picture / 4, picture / 4 + stride * (height + BEFORE + BEHIND));
      fill(values, picture / 4 + (stride + 3) * BEFORE, stride);
      const shared: Shared = { module, values, row, skip };

      let plane = { ...largest, at: planes[0]! };
      bordered(shared, plane, (y, out) => {
        const from = picture + 8 * stride * y;
        module.dense(
          from,
          24,
          WINDOW,
          4 * stride,
          3 * WINDOW,
          stem.weights,
          stem.bias,
          0,
          out,
          plane.width,
          stem.padded,
          0,
        );
      });
      const maps: AnswerMap[] = [];
      for (const [at, block] of blocks.entries()) {
        const next = planeAt(
          planes[(at + 1) % 2]!,
          plane.width / block.stride,
          plane.height / block.stride,
          block.dense.padded,
        );
        workOut(shared, block, plane, next);
        plane = next;
        for (const { after, dense } of heads) if (after === at + 1) maps.push(mapOf(shared, dense, plane));
      }
      return maps;
    },
  };
}

interface Shared {
  readonly module: FaceNetModule;
  /** All of the memory. */
  readonly values: Float32Array;
  /** Room for a row of pixels each: between the halves of a block, and for what is added. */
  readonly row: number;
  readonly skip: number;
}

function workOut(shared: Shared, block: PlacedBlock, plane: Plane, next: Plane): void {
  const { module, values, row, skip } = shared;
  const { dense, stride, channels } = block;
  const pixel = 4 * channels;
  if (stride === 2) values.fill(0, skip / 4, skip / 4 + groups(next.width) * dense.padded);
  bordered(shared, next, (y, out) => {
    // Of every second pixel the window begins with the pixel itself: padding SAME of an even length is all behind.
    const first = stride === 1 ? plane.at + y * plane.stride : plane.at + (2 * y + 1) * plane.stride + pixel;
    module.depthwise(first, plane.stride, stride * pixel, block.depthwise, row, groups(next.width), channels);
    let added = 0;
    if (block.adds && stride === 2) {
      const from = plane.at + (2 * y + 1) * plane.stride + pixel;
      module.pool(from, plane.stride, skip, 4 * dense.padded, next.width, channels);
      added = skip;
    } else if (block.adds) added = plane.at + (y + 1) * plane.stride + pixel;
    module.dense(row, pixel, 1, 0, channels, dense.weights, dense.bias, added, out, next.width, dense.padded, 0);
  });
}

/** Works out each row of a plane, and puts zeros around it. */
function bordered({ values }: Shared, plane: Plane, work: (y: number, out: number) => void): void {
  const { at, width, height, channels, stride } = plane;
  values.fill(0, at / 4, (at + stride) / 4);
  for (let y = 0; y < height; y++) {
    const from = at + (y + 1) * stride;
    values.fill(0, from / 4, from / 4 + channels);
    work(y, from + 4 * channels);
    values.fill(0, from / 4 + (width + 1) * channels, (from + stride) / 4);
  }
  values.fill(0, (at + (height + 1) * stride) / 4, (at + (height + 2) * stride) / 4);
}

function mapOf({ module, values, row }: Shared, dense: PlacedDense, plane: Plane): AnswerMap {
  const { width: columns, height: rows } = plane;
  const { channels, padded } = dense;
  const found = new Float32Array(rows * columns * channels);
  const pixel = 4 * plane.channels;
  for (let y = 0; y < rows; y++) {
    const from = plane.at + (y + 1) * plane.stride + pixel;
    module.dense(from, pixel, 1, 0, plane.channels, dense.weights, dense.bias, 0, row, columns, padded, -Infinity);
    for (let x = 0; x < columns; x++) {
      const at = row / 4 + x * padded;
      found.set(values.subarray(at, at + channels), (y * columns + x) * channels);
    }
  }
  return { rows, columns, channels, values: found };
}

function planeAt(at: number, width: number, height: number, channels: number): Plane {
  return { at, width, height, channels, stride: 4 * channels * (groups(width) + 2) };
}

function groups(pixels: number): number {
  return upTo(GROUP, pixels);
}

function upTo(multiple: number, length: number): number {
  return Math.ceil(length / multiple) * multiple;
}

interface Room {
  /** The first of so many bytes, at a multiple of 16. */
  take(bytes: number): number;
  put(values: Float32Array): number;
  end(): number;
  buffer(): ArrayBuffer;
}

function createRoom(memory: ModuleMemory, from: number): Room {
  let free = from;
  function take(bytes: number): number {
    const at = free;
    free = upTo(16, at + bytes + SLACK);
    roomFor(memory, free);
    return at;
  }
  return {
    take,
    put(values) {
      const at = take(4 * values.length);
      new Float32Array(memory.buffer).set(values, at / 4);
      return at;
    },
    end: () => free,
    buffer: () => memory.buffer,
  };
}

/** Its channels filled up to a multiple of eight, with weights of zero. */
function placeDense(room: Room, { weights, bias, channels }: Dense): PlacedDense {
  const padded = upTo(EIGHT, channels);
  const wide = new Float32Array((weights.length / channels) * padded);
  for (let i = 0; i < weights.length; i++) wide[Math.floor(i / channels) * padded + (i % channels)] = weights[i]!;
  const wideBias = new Float32Array(padded);
  wideBias.set(bias);
  return { weights: room.put(wide), bias: room.put(wideBias), channels, padded };
}
