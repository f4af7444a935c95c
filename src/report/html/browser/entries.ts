import {
  unpack,
  type DetailDecision,
  type DetailEntry,
  type DetailPicture,
  type FactRow,
  type IndexEntry,
  type Layout,
  type PackedFinding,
} from "../layout.js";

/** What search, filters and order need of a user or file. */
export interface Entry {
  readonly n: number;
  readonly name: string;
  readonly upn: string;
  readonly id: string;
  readonly seen: string;
  readonly packed: readonly PackedFinding[];
  /** Drift outweighs notes, then severity. */
  readonly worst: number;
}

export interface Shown extends PackedFinding {
  readonly address: string;
  readonly spot: string;
  readonly ruleId: string;
  readonly cause: string;
  readonly remedyKind: string;
  readonly remedy: string;
  readonly summary: string;
  readonly seen: string;
  readonly facts: readonly FactRow[];
  /** How master and stored picture differ, in sentences; empty where nothing was measured. */
  readonly difference: string;
  readonly ask: Ask | null;
}

/** What a person is asked about a finding, and what was decided before. */
export interface Ask {
  readonly id: string;
  readonly seen: string;
  readonly master: string;
  readonly fixable: boolean;
  readonly decided: { readonly kind: string; readonly by: string; readonly at: string } | null;
}

export interface Picture {
  readonly label: string;
  readonly address: string;
  readonly note: string;
  /** Address of the picture itself, within the page; null where there is none. */
  readonly src: string | null;
  /** Longer side of the stored picture, px; 0 where it is not known. */
  readonly side: number;
}

export interface Detail {
  readonly findings: readonly Shown[];
  /** Null where the page's share of pictures was used up. */
  readonly pictures: readonly Picture[] | null;
}

const NO_LAYOUT: Layout = {
  entries: 0,
  indexEntries: 1,
  detailEntries: 1,
  leftOut: 0,
  rules: [],
  tenant: "",
  runId: "",
  saved: { file: "decisions.json", commands: [] },
  config: "",
};
/** Blocks of details kept parsed. */
const KEPT_BLOCKS = 400;

// The page's own writer made the blocks; `layout.ts` is the type of both sides.
function readBlock(id: string): unknown {
  const block = document.getElementById(id);
  return block === null ? null : JSON.parse(block.textContent);
}

export const layout = (readBlock("layout") as Layout | null) ?? NO_LAYOUT;
export const entries: readonly Entry[] = readIndex();

function readIndex(): readonly Entry[] {
  const read: Entry[] = [];
  for (let i = 0; ; i++) {
    const rows = readBlock(`i${i}`) as readonly IndexEntry[] | null;
    if (rows === null) return read;
    for (const [name, upn, id, seen, numbers] of rows) {
      const packed = numbers.map(unpack);
      const worst = Math.max(0, ...packed.map(({ drift, severity }) => (Number(drift) << 2) | severity));
      read.push({ n: read.length, name, upn, id, seen, packed, worst });
    }
  }
}

const blocks = new Map<number, readonly DetailEntry[]>();

export function detailOf(entry: Entry): Detail {
  const number = Math.floor(entry.n / layout.detailEntries);
  let rows = blocks.get(number);
  if (rows === undefined) {
    if (blocks.size > KEPT_BLOCKS) blocks.clear();
    rows = (readBlock(`d${number}`) as readonly DetailEntry[] | null) ?? [];
    blocks.set(number, rows);
  }
  const [findings, pictured] = rows[entry.n % layout.detailEntries] ?? [[], null];
  let pictures: readonly Picture[] | null = pictured === null ? null : [];
  let read = pictured !== 1;
  return {
    findings: findings.flatMap(
      (
        [address, spot, ruleId, cause, remedyKind, remedy, summary, seen, facts, ask, difference],
        i,
      ): readonly Shown[] => {
        const packed = entry.packed[i];
        if (packed === undefined) return [];
        return [
          {
            ...packed,
            address,
            spot,
            ruleId,
            cause,
            remedyKind,
            remedy,
            summary,
            seen,
            facts,
            difference,
            ask: askOf(ask),
          },
        ];
      },
    ),
    get pictures() {
      if (!read) pictures = picturesOf(entry);
      read = true;
      return pictures;
    },
  };
}

/** Read when they are shown: they are the bulk of the page. */
function picturesOf({ n }: Entry): readonly Picture[] {
  const pictures = (readBlock(`p${n}`) as readonly DetailPicture[] | null) ?? [];
  return pictures.map(([label, address, note, data, side]) => ({
    label,
    address,
    note,
    src: srcOf(pictures, data),
    side,
  }));
}

function srcOf(pictures: readonly DetailPicture[], data: DetailPicture[3]): string | null {
  const own = typeof data === "number" ? pictures[data]?.[3] : data;
  if (typeof own !== "string") return null;
  // The first bytes of WebP are RIFF.
  return `data:image/${own.startsWith("UklGR") ? "webp" : "jpeg"};base64,${own}`;
}

function askOf(part: DetailDecision | null): Ask | null {
  if (part === null) return null;
  const [id, seen, master, fixable, kind, by, at] = part;
  return { id, seen, master, fixable: fixable === 1, decided: kind === "" ? null : { kind, by, at } };
}
