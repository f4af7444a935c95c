import { focusByFile } from "../desired/index.js";
import type { PhotodriftError } from "../model/errors.js";
import type { MasterPhoto } from "../model/master.js";
import { readMaster, recordMaster, scanAgain, unreadMaster } from "./observe-masters.js";
import type { SourceScan } from "./ports.js";
import type { Transactions } from "./records.js";
import type { MasterRecords } from "./records/masters.js";
import type { PictureRecords } from "./records/pictures.js";
import type { AuditSettings, PortsOf } from "./settings.js";

export type UsableMaster = Extract<MasterPhoto, { readonly kind: "usable" }>;

/** Masters that turned out to be something else than what was read of them: people go on working in the folder while an audit runs. */
export interface Rereading {
  /**
   * What the file is now, recorded. Throws PhotodriftError `source-…` where the folder is lost as a whole.
   * @param why it could not be taken for what was read
   */
  read(master: UsableMaster, why: PhotodriftError): Promise<MasterPhoto>;
  /** Files read so far. */
  count(): number;
}

/** Times that one file is read again; one that changes once more is left to the next run. */
const MOST_READINGS = 3;

type Ports = PortsOf<"source" | "images" | "progress", MasterRecords & PictureRecords & Transactions>;

/** @param scan by which the masters were read */
export function createRereading(
  ports: Ports,
  settings: Pick<AuditSettings, "maxChangePercent">,
  runId: string,
  scan: SourceScan,
): Rereading {
  const { records, images, source, progress } = ports;
  const times = new Map<string, number>();
  const underWay = new Map<string, Promise<MasterPhoto>>();
  const scanNow = batched(() => scanAgain(source, scan, settings));
  let count = 0;

  async function readAgain({ file }: UsableMaster, why: PhotodriftError): Promise<MasterPhoto> {
    const readings = (times.get(file) ?? 0) + 1;
    times.set(file, readings);
    const now =
      readings > MOST_READINGS ? unreadMaster({ file, reason: UNSTEADY }, why.hint) : await readNow(file, why);
    recordMaster(records, runId, now);
    count++;
    progress.warn(`${file} changed during the run: ${now.kind === "usable" ? "it was read again" : now.reason}.`);
    return now;
  }

  async function readNow(file: string, why: PhotodriftError): Promise<MasterPhoto> {
    const now = await scanNow();
    const isIt = (one: { readonly file: string }): boolean => one.file === file;
    const skipped = now.skipped.find(isIt);
    // One that is not listed any more is gone, as reading it will tell.
    const listed = now.files.find(isIt) ?? scan.files.find(isIt);
    if (skipped !== undefined) return unreadMaster(skipped);
    if (listed === undefined) return unreadMaster({ file, reason: why.message }, why.hint);
    const rows = (await source.mapping()) ?? [];
    const focusOf = focusByFile(
      rows,
      now.files.map((one) => one.file),
    );
    return readMaster(images, listed, focusOf.get(file) ?? null);
  }

  return {
    async read(master, why) {
      const known = records.master(master.file);
      const isNews = known?.kind !== "usable" || known.signature.sha256 !== master.signature.sha256;
      if (known !== null && isNews) return known;
      const reading = underWay.get(master.file) ?? readAgain(master, why);
      underWay.set(master.file, reading);
      try {
        return await reading;
      } finally {
        underWay.delete(master.file);
      }
    },
    count: () => count,
  };
}

const UNSTEADY = "the file changes again and again";

/** Work done once for all who ask while another of its kind is under way: that one may have passed already what they ask for. */
function batched<T>(work: () => Promise<T>): () => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | null = null;
  return () => {
    next ??= last
      .catch(() => undefined)
      .then(() => {
        next = null;
        const now = work();
        last = now;
        return now;
      });
    return next;
  };
}
