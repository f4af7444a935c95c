import type { ThumbnailSize } from "../../model/address.js";
import type { LibraryFile } from "../../model/photo.js";
import type { LibraryRecords, StoredLibraryFile } from "../../run/records/library.js";
import type { Db } from "./database.js";
import { inPages } from "./pages.js";
import { seenIn } from "./seen.js";
import { errorText, storedError } from "./stored-error.js";

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

/** Files of the User Photos library as they were last listed and read. */
export function libraryRecords(db: Db): LibraryRecords {
  const seen = seenIn(db, "seen_files");
  // A file keeps the signature read for it only while etag, length and time of change stay the same.
  const insertFile = db.prepare(
    `INSERT INTO library_files(unique_id, name, folder, stem, size, etag, length, modified_at, signature_sha, error, seen_run)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, ?)
     ON CONFLICT(unique_id) DO UPDATE SET
       signature_sha = CASE WHEN etag IS excluded.etag AND length IS excluded.length AND modified_at IS excluded.modified_at
                       THEN signature_sha END,
       error = NULL, name = excluded.name, folder = excluded.folder, stem = excluded.stem, size = excluded.size,
       etag = excluded.etag, length = excluded.length, modified_at = excluded.modified_at
     WHERE error IS NOT NULL OR name <> excluded.name OR folder <> excluded.folder OR stem <> excluded.stem OR size <> excluded.size
       OR etag IS NOT excluded.etag OR length IS NOT excluded.length OR modified_at IS NOT excluded.modified_at`,
  );
  const filesOfStem = db.prepare<[string], FileRow>(
    "SELECT * FROM library_files WHERE stem = ? ORDER BY folder, size, unique_id",
  );
  const pageOfFiles = db.prepare<[string, string, string, string], FileRow>(
    `SELECT * FROM library_files WHERE (stem, folder, size, unique_id) > (?, ?, ?, ?)
     ORDER BY stem, folder, size, unique_id LIMIT 200`,
  );
  const setReading = db.prepare("UPDATE library_files SET signature_sha = ?, error = ? WHERE unique_id = ?");
  return {
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
        seen.note(runId, file.uniqueId);
      }
    },
    forgetLibraryFilesUnseen(runId) {
      seen.of(runId);
      db.prepare("DELETE FROM library_files WHERE unique_id NOT IN (SELECT key FROM temp.seen_files)").run();
      seen.forget();
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
      setReading.run(reading.signatureSha, errorText(reading.error), uniqueId);
    },
  };
}
