import { srgbLight } from "../../model/colour.js";
import type { Nclx } from "./heif-colour.js";

type Vector = readonly [number, number, number];
type Matrix = readonly [Vector, Vector, Vector];
/** x, y of red, green, blue and white (ITU-T H.273 table 2). */
type Primaries = readonly [number, number, number, number, number, number, number, number];

const D65 = [0.3127, 0.329] as const;
const BT709: Primaries = [0.64, 0.33, 0.3, 0.6, 0.15, 0.06, ...D65];
const PRIMARIES: { readonly [code: number]: Primaries } = {
  1: BT709,
  4: [0.67, 0.33, 0.21, 0.71, 0.14, 0.08, 0.31, 0.316],
  5: [0.64, 0.33, 0.29, 0.6, 0.15, 0.06, ...D65],
  6: [0.63, 0.34, 0.31, 0.595, 0.155, 0.07, ...D65],
  7: [0.63, 0.34, 0.31, 0.595, 0.155, 0.07, ...D65],
  9: [0.708, 0.292, 0.17, 0.797, 0.131, 0.046, ...D65],
  11: [0.68, 0.32, 0.265, 0.69, 0.15, 0.06, 0.314, 0.351],
  12: [0.68, 0.32, 0.265, 0.69, 0.15, 0.06, ...D65],
  22: [0.63, 0.34, 0.295, 0.605, 0.155, 0.077, ...D65],
};

/** Profile connection space of ICC, and the cone response of Bradford (ICC.1:2010 annex E). */
const D50: Vector = [0.9642, 1, 0.8249];
const BRADFORD: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
];

/** Diffuse white of pictures with high dynamic range, in cd/m² and as HLG scene light (ITU-R BT.2408 section 2.1). */
const PQ_WHITE = 203;
const HLG_WHITE = 0.265;

const CURVE_STEPS = 1024;

/**
 * An ICC profile (version 2, matrix and curve) for colours that a container gives as code points, so that they are converted like any
 * other profile. Null where they are sRGB already. Light above diffuse white is cut off: a profile photo has no more.
 */
export function profileOf({ primaries, transfer }: Nclx): Buffer | null {
  const place = PRIMARIES[primaries] ?? BT709;
  const linear = linearOf(transfer);
  if (place === BT709 && linear === srgbLight) return null;
  const columns = transpose(adapted(place));
  const curve = curveTag(linear);
  return assemble([
    ["desc", descriptionTag("Colours of the container")],
    ["cprt", textTag("No copyright")],
    ["wtpt", xyzTag(D50)],
    ...(["rXYZ", "gXYZ", "bXYZ"] as const).map((name, i) => [name, xyzTag(columns[i]!)] as const),
    ...(["rTRC", "gTRC", "bTRC"] as const).map((name) => [name, curve] as const),
  ]);
}

/**
 * Display light, 0 to 1, by code value. The camera curve of BT.709 and its kin is shown through that of a screen by every viewer, so
 * it counts as sRGB here.
 */
function linearOf(transfer: number): (value: number) => number {
  switch (transfer) {
    case 4:
      return (value) => value ** 2.2;
    case 5:
      return (value) => value ** 2.8;
    case 8:
      return (value) => value;
    case 16:
      return pqLight;
    case 17:
      return (value) => value ** 2.6;
    case 18:
      return hlgLight;
    default:
      return srgbLight;
  }
}

/** SMPTE ST 2084. */
function pqLight(value: number): number {
  const power = value ** (32 / 2523);
  const light = Math.max(0, power - 107 / 128) / (2413 / 128 - (2392 / 128) * power);
  return Math.min(1, (10_000 * light ** (16384 / 2610)) / PQ_WHITE);
}

/** ARIB STD-B67. */
function hlgLight(value: number): number {
  const light = value <= 0.5 ? value ** 2 / 3 : (Math.exp((value - 0.55991073) / 0.17883277) + 0.28466892) / 12;
  return Math.min(1, light / HLG_WHITE);
}

/** RGB to XYZ under D50. */
function adapted(place: Primaries): Matrix {
  const [rx, ry, gx, gy, bx, by, wx, wy] = place;
  const light = transpose([fromXy(rx, ry), fromXy(gx, gy), fromXy(bx, by)]);
  const white = fromXy(wx, wy);
  const scale = apply(inverse(light), white);
  const native = light.map((row) => row.map((value, i) => value * scale[i]!)) as unknown as Matrix;
  const [from, to] = [apply(BRADFORD, white), apply(BRADFORD, D50)];
  const gains = BRADFORD.map((row, i) => row.map((value) => (value * to[i]!) / from[i]!)) as unknown as Matrix;
  return multiply(multiply(inverse(BRADFORD), gains), native);
}

function fromXy(x: number, y: number): Vector {
  return [x / y, 1, (1 - x - y) / y];
}

function transpose(m: Matrix): Matrix {
  return [0, 1, 2].map((i) => m.map((row) => row[i]!)) as unknown as Matrix;
}

function apply(m: Matrix, v: Vector): Vector {
  return m.map((row) => row[0] * v[0] + row[1] * v[1] + row[2] * v[2]) as unknown as Vector;
}

function multiply(a: Matrix, b: Matrix): Matrix {
  return transpose(transpose(b).map((column) => apply(a, column)) as unknown as Matrix);
}

function inverse([a, b, c]: Matrix): Matrix {
  const cross = (u: Vector, v: Vector): Vector => [
    u[1] * v[2] - u[2] * v[1],
    u[2] * v[0] - u[0] * v[2],
    u[0] * v[1] - u[1] * v[0],
  ];
  const columns: Matrix = [cross(b, c), cross(c, a), cross(a, b)];
  const determinant = a[0] * columns[0][0] + a[1] * columns[0][1] + a[2] * columns[0][2];
  return transpose(columns.map((column) => column.map((value) => value / determinant)) as unknown as Matrix);
}

/** Header and tag table (ICC.1:2001-04 sections 6.1 and 6.2); equal tags are stored once. */
function assemble(tags: readonly (readonly [string, Buffer])[]): Buffer {
  const bodies = [...new Set(tags.map(([, body]) => body))];
  const tableSize = 4 + 12 * tags.length;
  const offsets = new Map<Buffer, number>();
  let end = 128 + tableSize;
  for (const body of bodies) {
    offsets.set(body, end);
    end += body.length;
  }
  const out = Buffer.alloc(end);
  out.writeUInt32BE(end, 0);
  out.writeUInt32BE(0x02400000, 8);
  out.write("mntrRGB XYZ ", 12, "latin1");
  out.write("acsp", 36, "latin1");
  D50.forEach((value, i) => out.writeInt32BE(Math.round(value * 65_536), 68 + 4 * i));
  out.writeUInt32BE(tags.length, 128);
  tags.forEach(([name, body], i) => {
    out.write(name, 132 + 12 * i, "latin1");
    out.writeUInt32BE(offsets.get(body)!, 136 + 12 * i);
    out.writeUInt32BE(body.length, 140 + 12 * i);
  });
  for (const [body, offset] of offsets) body.copy(out, offset);
  return out;
}

function tag(type: string, length: number): Buffer {
  const out = Buffer.alloc(Math.ceil((8 + length) / 4) * 4);
  out.write(type, 0, "latin1");
  return out;
}

function xyzTag(value: Vector): Buffer {
  const out = tag("XYZ ", 12);
  value.forEach((part, i) => out.writeInt32BE(Math.round(part * 65_536), 8 + 4 * i));
  return out;
}

function curveTag(linear: (value: number) => number): Buffer {
  const out = tag("curv", 4 + 2 * CURVE_STEPS);
  out.writeUInt32BE(CURVE_STEPS, 8);
  for (let i = 0; i < CURVE_STEPS; i++) {
    out.writeUInt16BE(Math.round(65_535 * Math.min(1, linear(i / (CURVE_STEPS - 1)))), 12 + 2 * i);
  }
  return out;
}

function textTag(text: string): Buffer {
  const out = tag("text", text.length + 1);
  out.write(text, 8, "latin1");
  return out;
}

function descriptionTag(text: string): Buffer {
  const out = tag("desc", 4 + text.length + 1 + 78);
  out.writeUInt32BE(text.length + 1, 8);
  out.write(text, 12, "latin1");
  return out;
}
