import { join } from "node:path";
import { createPlaces } from "../../run/places.js";
import type { ImageReader } from "../../run/ports.js";
import { previewToShow } from "../../run/previews.js";
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
    findings: () => records.findings(run.head.id),
    outcomes: () => records.outcomes(run.head.id),
    trend: records.trend(TREND_RUNS),
    smaller: (image, side) => images.smaller(image, side),
    async pictures(finding) {
      const pictures: ReportPicture[] = [];
      const file = masterFileOf(finding);
      const master = file === null ? null : records.master(file);
      if (file !== null) pictures.push(await masterPicture(records, images, sourceFolder, file, master));
      const user = finding.user === null ? null : records.user(finding.user.id);
      if (user === null) return pictures;
      const kept: Kept = { records, images };
      pictures.push(...(await cloudPictures(kept, finding, user)));
      if (user.licences.sharePoint)
        pictures.push(...(await thumbnailPictures(kept, finding, user, places.of(user).stored)));
      return pictures;
    },
  };
}

/** Where pictures of past runs come from. */
interface Kept {
  readonly records: ReportRecords;
  readonly images: ReportImages;
}

async function cloudPictures(kept: Kept, finding: Finding, user: DirectoryUser): Promise<readonly ReportPicture[]> {
  const pictures: ReportPicture[] = [];
  for (const row of kept.records.cloudPhotos(user.id)) {
    const exchange = row.store === "exchange";
    if (!user.licences.mailbox && exchange) continue;
    const address = exchange ? exchangeAddress(user.upn) : entraAddress(user.upn);
    const sha = row.kind === "absent" ? null : pictureIn(finding, address, row.signatureSha);
    const note = row.width === null ? "" : `${row.width} x ${row.height ?? row.width}`;
    pictures.push(await storedPicture(kept, { label: exchange ? "Exchange" : "Entra ID", address }, sha, note));
  }
  return pictures;
}

async function thumbnailPictures(
  kept: Kept,
  finding: Finding,
  user: DirectoryUser,
  stored: readonly StoredLibraryFile[],
): Promise<readonly ReportPicture[]> {
  const pictures: ReportPicture[] = [];
  for (const size of ["L", "M", "S"] as const satisfies readonly ThumbnailSize[]) {
    const address = thumbnailAddress(user.upn, size);
    const found = stored.find((entry) => entry.file.size === size);
    const known = found?.signatureSha ?? null;
    const signature = known === null ? null : kept.records.signature(known);
    const unread = found === undefined ? "" : "not read";
    const note = signature === null ? unread : `${signature.width} x ${signature.height}`;
    const place = { label: `SharePoint ${size}`, address };
    const picture = await storedPicture(kept, place, pictureIn(finding, address, known), note);
    pictures.push(signature === null ? picture : { ...picture, side: Math.max(signature.width, signature.height) });
  }
  return pictures;
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
  records: ReportRecords,
  images: ReportImages,
  folder: string,
  file: string,
  master: MasterPhoto | null,
): Promise<ReportPicture> {
  const picture = { label: "Master", address: sourceAddress(file) };
  if (master?.kind !== "usable") return { ...picture, image: null, note: master?.reason ?? "no longer there" };
  const { sha256, width, height } = master.signature;
  const key = `master:${sha256}`;
  const note = `${width} x ${height}`;
  const kept = await records.preview(key);
  if (kept !== null) return { ...picture, image: kept, note };
  try {
    const image = await images.masterPreview(join(folder, file), master.crop);
    return { ...picture, image, note };
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
