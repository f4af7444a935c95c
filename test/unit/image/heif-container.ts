/** Colours of the patches, row by row; each is 64 px wide and high, the picture 256x128. */
export const PATCHES = [
  [220, 30, 30],
  [30, 200, 40],
  [40, 50, 210],
  [240, 220, 60],
  [120, 120, 120],
  [250, 180, 150],
  [20, 20, 20],
  [250, 250, 250],
] as const;

/** The patches as HEVC intra frame (4:4:4, full range), drawn for these tests and coded with x265: its configuration and its data. */
const CONFIGURATION = Buffer.from(
  "AQQIAAAAAAAAAAAAHvAA/P/4+AAADwMgAAEAF0ABDAH//wQIAAADAJ44AAADAAAeugJAIQABACtCAQEECAAAAwCeOAAAAwAAHpABAQECy3UklNc3AgIGBAAAAwAEAAADAA" +
    "QgIgABAAhEAcFyhgwGJA==",
  "base64",
);
const CODED = Buffer.from(
  "AAAA8SgBrwa0enBjsNz/zpLf//6MO+h/qrgJ/4iNoEIXcf9gPn//rDX//54iRSBAUr66Pf9m6Q/uVrvj+ll94/inpD0PN/n9Tb7dGf6WVx//laJ1j61bQMQZf2kDd9CoZG" +
    "3FD7lHTx9B5H/9/JKe47M6ldoJ+fSNZQhy/wUBFmyMmYCYBonQ4d3lWLTZT5FMZ+8TthnmgDm5DXJP7I3sBHMMhDelqAgUW5Zz3hafglpS+279DfrAXUoAEH6q7D+tSsfn" +
    "YDrzv7ugxBF+/IyuWCb+bHR/+ZHl/hX+Z/7mY5bz/Aflges19mPF8p9hWU4n+khdp4A=",
  "base64",
);

export interface HeifOptions {
  readonly icc?: Buffer;
  /** Primaries and transfer characteristics (ITU-T H.273). */
  readonly nclx?: readonly [number, number];
  /** Quarter turns against the clock. */
  readonly irot?: number;
  readonly imir?: 0 | 1;
  /** Auxiliary images that lie before the primary one: the same frame, of that kind. */
  readonly auxiliary?: readonly string[];
  readonly thumbnail?: boolean;
  /** Tiles on each side of a grid of the same frame, instead of the frame alone. */
  readonly grid?: number;
  readonly brand?: string;
}

export const ALPHA = "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha";
export const DEPTH = "urn:mpeg:mpegB:cicp:systems:auxiliary:depth";

interface Item {
  readonly id: number;
  readonly type: string;
  readonly data: Buffer;
  readonly properties: readonly Buffer[];
}

interface Reference {
  readonly type: string;
  readonly from: number;
  readonly to: readonly number[];
}

/** A HEIF container of the drawn frame (ISO/IEC 23008-12, ISO/IEC 14496-12), so that every property can be tried by itself. */
export function heif(options: HeifOptions = {}): Buffer {
  const items: Item[] = [];
  const references: Reference[] = [];
  const add = (type: string, data: Buffer, properties: readonly Buffer[]): number => {
    items.push({ id: items.length + 1, type, data, properties });
    return items.length;
  };
  const frame = (properties: readonly Buffer[] = []): number =>
    add("hvc1", CODED, [box("hvcC", CONFIGURATION), sizeBox(256, 128), ...properties]);
  const auxiliaries = (options.auxiliary ?? []).map((kind) => frame([full("auxC", Buffer.from(`${kind}\0`))]));
  const { grid = 0 } = options;
  const primary = grid === 0 ? frame(seenAs(options)) : addGrid(grid, options);
  if (auxiliaries.length > 0) for (const from of auxiliaries) references.push({ type: "auxl", from, to: [primary] });
  if (options.thumbnail) references.push({ type: "thmb", from: frame(), to: [primary] });
  return container(options.brand ?? "heic", items, references, primary);

  function addGrid(side: number, how: HeifOptions): number {
    const tiles = Array.from({ length: side * side }, () => frame());
    const description = Buffer.from([0, 0, side - 1, side - 1, 0, 0, 0, 0]);
    description.writeUInt16BE(256 * side, 4);
    description.writeUInt16BE(128 * side, 6);
    const from = add("grid", description, [sizeBox(256 * side, 128 * side), ...seenAs(how)]);
    references.push({ type: "dimg", from, to: tiles });
    return from;
  }
}

function seenAs({ icc, nclx, irot, imir }: HeifOptions): readonly Buffer[] {
  return [
    ...(icc === undefined ? [] : [box("colr", Buffer.concat([Buffer.from("prof"), icc]))]),
    ...(nclx === undefined
      ? []
      : [box("colr", Buffer.concat([Buffer.from("nclx"), shorts(...nclx, 6), Buffer.from([0x80])]))]),
    ...(irot === undefined ? [] : [box("irot", Buffer.from([irot]))]),
    ...(imir === undefined ? [] : [box("imir", Buffer.from([imir]))]),
  ];
}

function container(brand: string, items: readonly Item[], references: readonly Reference[], primary: number): Buffer {
  const properties = items.flatMap((item) => item.properties);
  const associations = items.map((item) => {
    const first = properties.indexOf(item.properties[0]!) + 1;
    return Buffer.from([0, item.id, item.properties.length, ...item.properties.map((_, k) => 0x80 | (first + k))]);
  });
  const ftyp = box("ftyp", Buffer.from(`${brand}\0\0\0\0mif1heic`));
  const before = Buffer.concat([
    full("hdlr", Buffer.concat([Buffer.alloc(4), Buffer.from("pict"), Buffer.alloc(13)])),
    full("pitm", shorts(primary)),
    full("iinf", Buffer.concat([shorts(items.length), ...items.map(infoBox)])),
    ...(references.length === 0 ? [] : [full("iref", Buffer.concat(references.map(referenceBox)))]),
    box(
      "iprp",
      Buffer.concat([
        box("ipco", Buffer.concat(properties)),
        full("ipma", Buffer.concat([long(items.length), ...associations])),
      ]),
    ),
  ]);
  const locations = (at: number) => {
    let offset = at;
    const rows = items.map(({ id, data }) => {
      const row = Buffer.concat([shorts(id, 0, 1), long(offset), long(data.length)]);
      offset += data.length;
      return row;
    });
    return full("iloc", Buffer.concat([Buffer.from([0x44, 0]), shorts(items.length), ...rows]));
  };
  const start = ftyp.length + 12 + before.length + locations(0).length + 8;
  const meta = full("meta", Buffer.concat([before, locations(start)]));
  return Buffer.concat([ftyp, meta, box("mdat", Buffer.concat(items.map(({ data }) => data)))]);
}

function infoBox({ id, type }: Item): Buffer {
  return full("infe", Buffer.concat([shorts(id, 0), Buffer.from(`${type}\0`)]), 2);
}

function referenceBox({ type, from, to }: Reference): Buffer {
  return box(type, shorts(from, to.length, ...to));
}

function sizeBox(width: number, height: number): Buffer {
  return full("ispe", Buffer.concat([long(width), long(height)]));
}

function box(type: string, body: Buffer): Buffer {
  return Buffer.concat([long(8 + body.length), Buffer.from(type, "latin1"), body]);
}

function full(type: string, body: Buffer, version = 0): Buffer {
  return box(type, Buffer.concat([Buffer.from([version, 0, 0, 0]), body]));
}

function shorts(...values: readonly number[]): Buffer {
  return Buffer.from(values.flatMap((value) => [value >> 8, value & 255]));
}

function long(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(value);
  return out;
}
