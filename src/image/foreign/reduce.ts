import type { Raster } from "../pixels.js";

/** Rows of interleaved RGB that may be longer than the picture is wide. */
export interface Rows {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Bytes from one row to the next. */
  readonly stride: number;
}

/** The picture at `width` x `height`, at most its own size; each pixel is the mean of the area it stands for. */
export function reduceRows(rows: Rows, width: number, height: number): Raster {
  const out = Buffer.alloc(width * height * 3);
  const sums = new Float32Array(width * 3);
  const across = spansOf(rows.width, width);
  const down = spansOf(rows.height, height);
  const area = (rows.width / width) * (rows.height / height);
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (let from = down.first[y]!; from <= down.last[y]!; from++) {
      addRow(rows.data.subarray(from * rows.stride), sums, across, weightOf(down, y, from));
    }
    for (let i = 0; i < sums.length; i++) out[y * sums.length + i] = sums[i]! / area + 0.5;
  }
  return { data: out, width, height };
}

/** For each of the fewer cells: its first and last pixel of the many, and how much of these two belongs to it. */
interface Spans {
  readonly first: Uint32Array;
  readonly last: Uint32Array;
  readonly ofFirst: Float32Array;
  readonly ofLast: Float32Array;
}

function spansOf(many: number, few: number): Spans {
  const spans: Spans = {
    first: new Uint32Array(few),
    last: new Uint32Array(few),
    ofFirst: new Float32Array(few),
    ofLast: new Float32Array(few),
  };
  for (let i = 0; i < few; i++) {
    const [start, end] = [(i * many) / few, ((i + 1) * many) / few];
    const [first, last] = [Math.floor(start), Math.min(many, Math.ceil(end)) - 1];
    spans.first[i] = first;
    spans.last[i] = last;
    spans.ofFirst[i] = first === last ? end - start : first + 1 - start;
    spans.ofLast[i] = end - last;
  }
  return spans;
}

function weightOf(spans: Spans, cell: number, pixel: number): number {
  if (pixel === spans.first[cell]) return spans.ofFirst[cell]!;
  return pixel === spans.last[cell] ? spans.ofLast[cell]! : 1;
}

function addRow(row: Uint8Array, sums: Float32Array, spans: Spans, weight: number): void {
  for (let x = 0; x < spans.first.length; x++) {
    const last = spans.last[x]!;
    for (let from = spans.first[x]!; from <= last; from++) {
      const share = weight * weightOf(spans, x, from);
      const at = 3 * from;
      sums[3 * x]! += share * row[at]!;
      sums[3 * x + 1]! += share * row[at + 1]!;
      sums[3 * x + 2]! += share * row[at + 2]!;
    }
  }
}
