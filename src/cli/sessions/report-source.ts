import { join } from "node:path";
import { createPlaces } from "../../run/places.js";
import type { ImageReader } from "../../run/ports.js";
import { masterPreviewToShow, previewToShow } from "../../run/previews.js";
import type { CloudPhotoRecords } from "../../run/records/cloud-photos.js";
import type { LibraryRecords, StoredLibraryFile } from "../../run/records/library.js";
import type { MasterRecords } from "../../run/records/masters.js";
import type { PictureRecords } from "../../run/records/pictures.js";
import type { ProfileRecords } from "../../run/records/profiles.js";
import type { RecordedRun, RunRecords } from "../../run/records/runs.js";
import type { UserRecords } from "../../run/records/users.js";
import type { DirectoryUser } from "../../model/user.js";
import {
  type ThumbnailSize,
  entraAddress,
  exchangeAddress,
  sourceAddress,
  thumbnailAddress,
} from "../../model/address.js";
import type { Config } from "../../model/config.js";
import type { Finding } from "../../model/finding.js";
import type { MasterPhoto } from "../../model/master.js";
import type { RunPlaces } from "../../model/next-steps.js";
import type { ReportPicture, ReportSource } from "../../model/report.js";

/** Past runs that a trend is drawn from: more than a year of daily audits. */
const TREND_RUNS = 400;

/** What a report is read from. */
type ReportRecords = RunRecords &
  UserRecords &
  MasterRecords &
  PictureRecords &
  CloudPhotoRecords &
  LibraryRecords &
  ProfileRecords;

/** What a report does with pictures. */
export type ReportImages = Pick<ImageReader, "preview" | "masterPreview" | "lumaPreview" | "smaller">;

/** A recorded run as a report source. Pictures come from what was kept; nothing is downloaded. */
export function reportSourceOf(
  records: ReportRecords,
  images: ReportImages,
  config: Pick<Config, "file" | "tenant" | "source">,
  run: RecordedRun,
  files: Omit<RunPlaces, "config">,
): ReportSource {
  const sourceFolder = config.source.folder;
  const places = createPlaces(records, { folder: "", pictureOrigin: "" }, "keep");
  return {
    run: run.head,
    tenantName: config.tenant.name,
    places: { ...files, config: config.file },
    summary: run.summary,
    cost: run.cost,
    findings: () => (isCompared(run) ? records.findings(run.head.id) : []),
    outcomes: () => records.outcomes(run.head.id),
    trend: records.trend(TREND_RUNS),
    smaller: (image, side) => images.smaller(image, side),
    async pictures(finding) {
      const kept: Kept = { records, images };
      const file = masterFileOf(finding);
      const user = finding.user === null ? null : records.user(finding.user.id);
      const hasThumbnails = user?.licences.sharePoint === true;
      return Promise.all([
        ...(file === null ? [] : [masterPicture(kept, sourceFolder, file, records.master(file))]),
        ...(user === null ? [] : cloudPictures(kept, finding, user)),
        ...(hasThumbnails ? thumbnailPictures(kept, finding, user, places.of(user).stored) : []),
      ]);
    },
  };
}

/** What a run noted before its comparison came to an end holds for nothing: the next one finds it anew, and its summary counts none of it. */
function isCompared({ head, summary }: RecordedRun): boolean {
  return summary.users > 0 || !["interrupted", "failed"].includes(head.verdict);
}

/** Where pictures of past runs come from. */
interface Kept {
  readonly records: ReportRecords;
  readonly images: ReportImages;
}

function cloudPictures(kept: Kept, finding: Finding, user: DirectoryUser): readonly Promise<ReportPicture>[] {
  const rows = kept.records.cloudPhotos(user.id).filter(({ store }) => user.licences.mailbox || store !== "exchange");
  return rows.map((row) => {
    const exchange = row.store === "exchange";
    const address = exchange ? exchangeAddress(user.upn) : entraAddress(user.upn);
    const sha = row.kind === "absent" ? null : pictureIn(finding, address, row.signatureSha);
    const note = row.width === null ? "" : `${row.width} x ${row.height ?? row.width}`;
    return storedPicture(kept, { label: exchange ? "Exchange" : "Entra ID", address }, sha, note);
  });
}

function thumbnailPictures(
  kept: Kept,
  finding: Finding,
  user: DirectoryUser,
  stored: readonly StoredLibraryFile[],
): readonly Promise<ReportPicture>[] {
  return (["L", "M", "S"] as const satisfies readonly ThumbnailSize[]).map(async (size) => {
    const address = thumbnailAddress(user.upn, size);
    const found = stored.find((entry) => entry.file.size === size);
    const known = found?.signatureSha ?? null;
    const signature = known === null ? null : kept.records.signature(known);
    const unread = found === undefined ? "" : "not read";
    const note = signature === null ? unread : `${signature.width} x ${signature.height}`;
    const place = { label: `SharePoint ${size}`, address };
    const picture = await storedPicture(kept, place, pictureIn(finding, address, known), note);
    return signature === null ? picture : { ...picture, side: Math.max(signature.width, signature.height) };
  });
}

/** The picture that a finding saw at its own address, else the one that was read last. */
function pictureIn(finding: Finding, address: string, read: string | null): string | null {
  return finding.address === address ? (shaOf(finding) ?? read) : read;
}

function masterFileOf(finding: Finding): string | null {
  const named = finding.expected["master"];
  if (typeof named === "string" && finding.user !== null && finding.rule !== "user-without-master") return named;
  return finding.address.startsWith("source/") ? finding.address.slice("source/".length) : null;
}

function shaOf(finding: Finding): string | null {
  const sha = finding.actual["sha256"];
  return typeof sha === "string" ? sha : null;
}

async function masterPicture(
  { records, images }: Kept,
  folder: string,
  file: string,
  master: MasterPhoto | null,
): Promise<ReportPicture> {
  const picture = { label: "Master", address: sourceAddress(file) };
  if (master?.kind !== "usable") return { ...picture, image: null, note: master?.reason ?? "no longer there" };
  const { width, height } = master.signature;
  const note = `${width} x ${height}`;
  try {
    return { ...picture, image: await masterPreviewToShow(images, records, master, join(folder, file)), note };
  } catch {
    return { ...picture, image: await images.lumaPreview(master.signature.luma), note };
  }
}

async function storedPicture(
  { records, images }: Kept,
  { label, address }: Pick<ReportPicture, "label" | "address">,
  sha: string | null,
  note: string,
): Promise<ReportPicture> {
  if (sha === null) return { label, address, image: null, note: note === "" ? "none" : note };
  const kept = await previewToShow(images, records, sha);
  if (kept !== null) return { label, address, image: kept, note };
  const signature = records.signature(sha);
  return { label, address, image: signature === null ? null : await images.lumaPreview(signature.luma), note };
}
