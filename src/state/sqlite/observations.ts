import type { ThumbnailSize } from "../../model/address.js";
import type { UserId } from "../../model/ids.js";
import type { LastApplied } from "../../model/last-applied.js";
import type { LibraryFile, ObservedProfile, StoreError } from "../../model/photo.js";
import { stemOfPictureUrl } from "../../model/picture-url.js";
import type { AuditRecords, StoredCloudPhoto, StoredLibraryFile } from "../../run/records.js";
import type { Db } from "./database.js";
import { inPages } from "./pages.js";

type ObservationRecords = Pick<
  AuditRecords,
  | "cloudPhotos"
  | "saveCloudPhoto"
  | "noteRefusal"
  | "accountsShowing"
  | "libraryMark"
  | "saveLibraryMark"
  | "saveLibraryFiles"
  | "forgetLibraryFilesUnseen"
  | "libraryFilesOfStem"
  | "libraryFiles"
  | "countLibraryFiles"
  | "libraryFolders"
  | "saveLibraryReading"
  | "profile"
  | "saveProfile"
  | "claimantsOfStem"
  | "lastApplied"
  | "saveLastApplied"
  | "forgetLastApplied"
  | "accepted"
  | "accept"
  | "forgetAccepted"
>;

interface CloudRow {
  readonly user_id: string;
  readonly store: "entra" | "exchange";
  readonly attribution: StoredCloudPhoto["attribution"];
  readonly kind: StoredCloudPhoto["kind"];
  readonly etag: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly byte_length: number | null;
  readonly signature_sha: string | null;
  readonly error: string | null;
  readonly changed_at: string | null;
  readonly previous_sha: string | null;
}

interface FileRow {
  readonly unique_id: string;
  readonly name: string;
  readonly folder: string;
  readonly stem: string;
  readonly size: ThumbnailSize;
  readonly etag: string | null;
  readonly length: number | null;
  readonly modified_at: string | null;
  readonly signature_sha: string | null;
  readonly error: string | null;
}

function storedFile(row: FileRow): StoredLibraryFile {
  const file: LibraryFile = {
    uniqueId: row.unique_id,
    name: row.name,
    folder: row.folder,
    stem: row.stem,
    size: row.size,
    etag: row.etag,
    length: row.length,
    modifiedAt: row.modified_at,
  };
  return { file, signatureSha: row.signature_sha, error: storedError(row.error) };
}

function storedError(json: string | null): StoreError | null {
  return json === null ? null : (JSON.parse(json) as StoreError);
}

/** What the stores showed, what we put there, and what was accepted. */
export function observationRecords(db: Db): ObservationRecords {
  const cloudOfUser = db.prepare<[string], CloudRow>(
    "SELECT * FROM cloud_photos WHERE user_id = ? ORDER BY store DESC",
  );
  const insertCloud = db.prepare(
    `INSERT INTO cloud_photos(user_id, store, attribution, kind, etag, width, height, byte_length, signature_sha, error, changed_at,
       previous_sha, seen_run)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT(user_id, store) DO UPDATE SET attribution = excluded.attribution, kind = excluded.kind, etag = excluded.etag,
       width = excluded.width, height = excluded.height, byte_length = excluded.byte_length, signature_sha = excluded.signature_sha,
       error = excluded.error, changed_at = excluded.changed_at, previous_sha = excluded.previous_sha,
       seen_run = excluded.seen_run`,
  );
  // A file keeps the signature read for it only while etag, length and time of change stay the same.
  const insertFile = db.prepare(
    `INSERT INTO library_files(unique_id, name, folder, stem, size, etag, length, modified_at, signature_sha, error, seen_run)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, ?)
     ON CONFLICT(unique_id) DO UPDATE SET
       signature_sha = CASE WHEN etag IS excluded.etag AND length IS excluded.length AND modified_at IS excluded.modified_at
                       THEN signature_sha END,
       error = NULL, name = excluded.name, folder = excluded.folder, stem = excluded.stem, size = excluded.size,
       etag = excluded.etag, length = excluded.length, modified_at = excluded.modified_at, seen_run = excluded.seen_run`,
  );
  const filesOfStem = db.prepare<[string], FileRow>(
    "SELECT * FROM library_files WHERE stem = ? ORDER BY folder, size, unique_id",
  );
  const pageOfFiles = db.prepare<[string, string, string, string], FileRow>(
    `SELECT * FROM library_files WHERE (stem, folder, size, unique_id) > (?, ?, ?, ?)
     ORDER BY stem, folder, size, unique_id LIMIT 1000`,
  );
  const countAccounts = db.prepare<[string, string], { n: number }>(
    `SELECT count(*) AS n FROM (
       SELECT user_id FROM cloud_photos WHERE signature_sha = ?
       UNION SELECT stem FROM library_files WHERE signature_sha = ?)`,
  );
  const setReading = db.prepare("UPDATE library_files SET signature_sha = ?, error = ? WHERE unique_id = ?");
  const insertProfile = db.prepare(
    "INSERT OR REPLACE INTO profiles(user_id, json, complete, read_at, picture_stem) VALUES (?, ?, 1, ?, ?)",
  );
  const claimants = db.prepare<[string], { user_id: string }>("SELECT user_id FROM profiles WHERE picture_stem = ?");
  const refusalOf = db.prepare<[string, string], { refusal: string; runs: number; last_run: string }>(
    "SELECT refusal, runs, last_run FROM refusals WHERE user_id = ? AND store = ?",
  );
  const setRefusal = db.prepare(
    "INSERT OR REPLACE INTO refusals(user_id, store, refusal, runs, last_run) VALUES (?, ?, ?, ?, ?)",
  );
  const forgetRefusal = db.prepare("DELETE FROM refusals WHERE user_id = ? AND store = ?");
  const lastAppliedOf = db.prepare<[string, string], { json: string }>(
    "SELECT json FROM last_applied WHERE user_id = ? AND slot = ?",
  );
  const setLastApplied = db.prepare("INSERT OR REPLACE INTO last_applied(user_id, slot, json) VALUES (?, ?, ?)");
  const acceptedOf = db.prepare<[string, string], { sha256: string }>(
    "SELECT sha256 FROM accepted WHERE user_id = ? AND slot = ?",
  );
  const oneProfile = db.prepare<[string], { json: string; read_at: string }>(
    "SELECT json, read_at FROM profiles WHERE user_id = ?",
  );
  return {
    cloudPhotos(userId) {
      return cloudOfUser.all(userId).map((row) => ({
        userId: row.user_id as UserId,
        store: row.store,
        attribution: row.attribution,
        kind: row.kind,
        etag: row.etag,
        width: row.width,
        height: row.height,
        byteLength: row.byte_length,
        signatureSha: row.signature_sha,
        error: storedError(row.error),
        changedAt: row.changed_at,
        previousSha: row.previous_sha,
      }));
    },
    saveCloudPhoto(runId, photo) {
      insertCloud.run(
        photo.userId,
        photo.store,
        photo.attribution,
        photo.kind,
        photo.etag,
        photo.width,
        photo.height,
        photo.byteLength,
        photo.signatureSha,
        photo.error === null ? null : JSON.stringify(photo.error),
        photo.changedAt,
        photo.previousSha,
        runId,
      );
    },
    accountsShowing(sha256) {
      return countAccounts.get(sha256, sha256)?.n ?? 0;
    },
    libraryMark() {
      const row = db.prepare("SELECT value FROM meta WHERE key = 'library-mark'").get() as
        { value: string } | undefined;
      return row?.value ?? null;
    },
    saveLibraryMark(mark) {
      if (mark === null) db.prepare("DELETE FROM meta WHERE key = 'library-mark'").run();
      else db.prepare("INSERT OR REPLACE INTO meta(key, value) VALUES ('library-mark', ?)").run(mark);
    },
    saveLibraryFiles(runId, files) {
      for (const file of files) {
        insertFile.run(
          file.uniqueId,
          file.name,
          file.folder,
          file.stem,
          file.size,
          file.etag,
          file.length,
          file.modifiedAt,
          runId,
        );
      }
    },
    forgetLibraryFilesUnseen(runId) {
      db.prepare("DELETE FROM library_files WHERE seen_run <> ?").run(runId);
    },
    libraryFilesOfStem(stem) {
      return filesOfStem.all(stem).map(storedFile);
    },
    *libraryFiles() {
      const rows = inPages((last: FileRow | null) =>
        pageOfFiles.all(last?.stem ?? "", last?.folder ?? "", last?.size ?? "", last?.unique_id ?? ""),
      );
      for (const row of rows) yield storedFile(row);
    },
    countLibraryFiles() {
      return (db.prepare("SELECT count(*) AS n FROM library_files").get() as { n: number }).n;
    },
    libraryFolders() {
      const rows = db.prepare("SELECT DISTINCT folder FROM library_files ORDER BY folder").all();
      return rows.map((row) => (row as { folder: string }).folder);
    },
    saveLibraryReading(uniqueId, reading) {
      const error = reading.error === null ? null : JSON.stringify(reading.error);
      setReading.run(reading.signatureSha, error, uniqueId);
    },
    profile(userId) {
      const row = oneProfile.get(userId);
      if (row === undefined) return null;
      return { profile: JSON.parse(row.json) as ObservedProfile, readAt: row.read_at };
    },
    saveProfile(userId, stored) {
      const { profile, readAt } = stored;
      const stem = profile.kind === "present" ? stemOfPictureUrl(profile.pictureUrl) : null;
      insertProfile.run(userId, JSON.stringify(profile), readAt, stem);
    },
    claimantsOfStem(stem) {
      return claimants.all(stem).map((row) => row.user_id as UserId);
    },
    noteRefusal(runId, userId, store, refusal) {
      const before = refusalOf.get(userId, store);
      if (refusal === null) {
        if (before !== undefined) forgetRefusal.run(userId, store);
        return 0;
      }
      const same = before?.refusal === refusal ? before : null;
      const runs = same === null ? 1 : same.runs + (same.last_run === runId ? 0 : 1);
      setRefusal.run(userId, store, refusal, runs, runId);
      return runs;
    },
    lastApplied(userId, slot) {
      const row = lastAppliedOf.get(userId, slot);
      return row === undefined ? null : (JSON.parse(row.json) as LastApplied);
    },
    saveLastApplied(userId, slot, applied) {
      setLastApplied.run(userId, slot, JSON.stringify(applied));
    },
    forgetLastApplied(userId, slot) {
      db.prepare("DELETE FROM last_applied WHERE user_id = ? AND slot = ?").run(userId, slot);
    },
    accepted(userId, slot) {
      return acceptedOf.get(userId, slot)?.sha256 ?? null;
    },
    accept(userId, slot, sha256) {
      db.prepare("INSERT OR REPLACE INTO accepted(user_id, slot, sha256) VALUES (?, ?, ?)").run(userId, slot, sha256);
    },
    forgetAccepted(userId) {
      return db.prepare("DELETE FROM accepted WHERE user_id = ?").run(userId).changes;
    },
  };
}
