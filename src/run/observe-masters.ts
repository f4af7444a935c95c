import { PhotodriftError } from "../model/errors.js";
import { focusByFile } from "../desired/index.js";
import { isImageName } from "../model/image-name.js";
import type { Focus } from "../model/list.js";
import type { MasterPhoto, ScannedOut, SkippedFile } from "../model/master.js";
import { mapOrdered } from "./ordered.js";
import type { ImageReader, MasterSource, ScannedFile, SourceScan } from "./ports.js";
import { READ_ALL_SMALL } from "./read-all-small.js";
import { assertNotShrunken } from "./source-guard.js";
import type { CountRecords } from "./records/counts.js";
import type { MasterRecords } from "./records/masters.js";
import type { PictureRecords } from "./records/pictures.js";
import type { Transactions } from "./records.js";
import { stopWhenAborted, type AuditSettings, type PortsOf } from "./settings.js";

/** Masters decoded at the same time; libvips uses its own threads and bounds memory by this. */
const DECODERS = 4;

/** Up to so many masters their small thumbnails are likely read as well: two for each. */
const SMALL_READ_TOO = READ_ALL_SMALL / 2;

/** Up to so many masters there is room for one more frame of each. */
const LARGE_BOTH = 2000;

/** Sides of L and M that SharePoint makes as well (facts/sharepoint.md section 8): which of them is seen when a thumbnail is read. */
const OTHER_LARGE = 300;
const OTHER_MEDIUM = 96;

/** Unchanged files noted in one transaction. */
const SEEN_TOGETHER = 500;

/** Lists the source folder. Throws PhotodriftError `source-…`, and `source-shrunken` (refused). */
export async function scanMasters(
  { records, source }: PortsOf<"source", CountRecords>,
  settings: AuditSettings,
): Promise<SourceScan> {
  const scan = await source.scan();
  assertNotShrunken(records.lastMasterCount(), scan.files.length, settings.maxChangePercent);
  return scan;
}

type MasterPorts = PortsOf<"source" | "images" | "progress", MasterRecords & PictureRecords & Transactions>;

/** Fingerprints what is new or changed among the files; an unchanged one (path, size, time of change) costs nothing more. */
export async function observeMasters(
  ports: MasterPorts,
  settings: AuditSettings,
  runId: string,
  scan: SourceScan,
): Promise<void> {
  const { records } = ports;
  await readMasters(ports, settings, runId, scan, scan.files);
  records.transaction(() => {
    for (const left of scan.skipped) if (isLostImage(left)) records.saveMaster(runId, unreadMaster(left));
  });
  records.forgetMastersUnseen(runId);
}

/** The same of some files; what is known of all others stays. */
export async function observeSomeMasters(
  ports: MasterPorts,
  settings: AuditSettings,
  runId: string,
  scan: SourceScan,
  wanted: ReadonlySet<string>,
): Promise<void> {
  const files = scan.files.filter(({ file }) => wanted.has(file));
  await readMasters(ports, settings, runId, scan, files);
}

/** @param files of the scan */
async function readMasters(
  ports: MasterPorts,
  settings: AuditSettings,
  runId: string,
  scan: SourceScan,
  files: readonly ScannedFile[],
): Promise<void> {
  const { records, source, progress } = ports;
  const step = progress.step("Masters", files.length);
  const focusOf = focusByFile(
    (await source.mapping()) ?? [],
    scan.files.map(({ file }) => file),
  );
  const { S, M } = settings.sharePoint.thumbnails;
  const masters = scan.files.length;
  const large = masters <= LARGE_BOTH ? [OTHER_LARGE] : [];
  const also = masters <= SMALL_READ_TOO ? [S, M, ...large, OTHER_MEDIUM] : large;
  let unread = 0;
  let unchanged: string[] = [];
  const seen = (): void => {
    records.transaction(() => unchanged.forEach((file) => records.seenMaster(runId, file)));
    unchanged = [];
  };
  const readings = mapOrdered(files, DECODERS, async (file) => {
    stopWhenAborted(settings);
    const focus = focusOf.get(file.file) ?? null;
    const known = !settings.full && isUnchanged(ports, file, focus);
    return { file, master: known ? null : await readMaster(ports.images, file, focus, also) };
  });
  for await (const { file, master } of readings) {
    if (master === null) unchanged.push(file.file);
    else recordMaster(records, runId, master);
    if (master?.kind === "unreadable") unread++;
    if (unchanged.length >= SEEN_TOGETHER) seen();
    step.tick();
  }
  seen();
  step.done();
  // Files that cannot be read may be a share that dropped out meanwhile.
  if (unread > 0) await scanAgain(source, scan, settings);
}

/** Lists the source folder once more. Throws PhotodriftError `source-…` where it is lost, or most of what `scan` saw. */
export async function scanAgain(
  source: MasterSource,
  scan: SourceScan,
  { maxChangePercent }: Pick<AuditSettings, "maxChangePercent">,
): Promise<SourceScan> {
  const now = await source.scan();
  assertNotShrunken(scan.files.length, now.files.length, maxChangePercent);
  return now;
}

/** What a file was when it was read. */
export function recordMaster(
  records: MasterRecords & PictureRecords & Transactions,
  runId: string,
  master: MasterPhoto,
): void {
  records.transaction(() => {
    if (master.kind === "usable") records.saveSignature(master.signature);
    records.saveMaster(runId, master);
  });
}

type Reading = PortsOf<"images", MasterRecords & PictureRecords>;

/** One file as it is now: from the records where it is unchanged, else read; nothing is recorded. */
export async function currentMaster(ports: Reading, file: ScannedFile, focus: Focus | null): Promise<MasterPhoto> {
  const known = isUnchanged(ports, file, focus) ? ports.records.master(file.file) : null;
  return known ?? (await readMaster(ports.images, file, focus));
}

function isUnchanged({ images, records }: Reading, file: ScannedFile, focus: Focus | null): boolean {
  const known = records.masterVersion(file.file);
  if (known === null || known.bytes !== file.bytes || known.mtimeMs !== file.mtimeMs) return false;
  if (known.recipe !== recipeOf(images, focus)) return false;
  return known.sha256 === null || records.signatureHashes(known.sha256)?.version === images.signatureVersion;
}

/** Another choice of crop or another focus cuts another square: the file is read anew. */
function recipeOf(images: ImageReader, focus: Focus | null): string {
  return focus === null ? images.masterRecipe : `${images.masterRecipe} at ${focus.x},${focus.y}`;
}

/** A file that cannot be decoded is a finding with its reason, never the end of the run. */
export async function readMaster(
  images: ImageReader,
  file: ScannedFile,
  focus: Focus | null,
  also?: readonly number[],
): Promise<MasterPhoto> {
  const common = { file: file.file, bytes: file.bytes, mtimeMs: file.mtimeMs };
  const recipe = recipeOf(images, focus);
  try {
    const { signature, crop, formerCrops = [], unsuitable } = await images.signMaster(file.path, focus, also);
    if (unsuitable === null) return { kind: "usable", ...common, signature, crop, formerCrops, recipe };
    const { sha256, width, height } = signature;
    const { kind: why, reason, cure } = unsuitable;
    return { kind: "unsuitable", ...common, sha256, width, height, why, reason, cure, recipe };
  } catch (error) {
    if (!(error instanceof PhotodriftError)) throw error;
    // What the disk or the share refused says nothing of the content: without a time of change the next run reads it again.
    const mtimeMs = isOfDisk(error) ? 0 : file.mtimeMs;
    return { kind: "unreadable", ...common, mtimeMs, reason: error.message, cure: error.hint, recipe };
  }
}

/** Errors of the operating system have a code, e.g. EIO. */
function isOfDisk({ cause }: PhotodriftError): boolean {
  return cause instanceof Error && "code" in cause;
}

/** Entries that are kept with a run; the rest is counted. */
const MOST_LEFT_OUT = 1_000;

/** What of the folder is no master and no finding either, for the reports. */
export function leftOutOf({ skipped }: SourceScan): readonly SkippedFile[] {
  const others = skipped.filter((entry) => !isLostImage(entry)).map(({ file, reason }) => ({ file, reason }));
  const more = others.length - MOST_LEFT_OUT;
  if (more <= 0) return others;
  return [...others.slice(0, MOST_LEFT_OUT), { file: "…", reason: `and ${more} more entries that are no masters` }];
}

/** An image that the scan had to leave out although its name is a master's: being written, not permitted, a link out of the folder. */
function isLostImage({ file }: SkippedFile): boolean {
  const name = file.slice(file.lastIndexOf("/") + 1);
  return isImageName(name) && !/^(?:\.|~\$)/.test(name);
}

const NEXT_RUN = "Make the file readable, or wait until it is written; the next run looks again.";

/** A file that cannot be opened, or must not be: nothing is known of it. */
export function unreadMaster(left: ScannedOut, cure: string = left.cure ?? NEXT_RUN): MasterPhoto {
  return { kind: "unreadable", file: left.file, bytes: 0, mtimeMs: 0, reason: left.reason, cure };
}
