import type { ThumbnailSize } from "../../model/address.js";
import type { LibraryFile } from "../../model/photo.js";
import type { LibraryRecords, StoredLibraryFile } from "../../run/records/library.js";
import type { Db } from "./database.js";
import { inPages } from "./pages.js";
import { seenIn } from "./seen.js";
import {
  hashOf,
  idOf,
  keptHash,
  keptId,
  keptTime,
  timeOf,
  type KeptHash,
  type KeptId,
  type KeptTime,
} from "./short-forms.js";
import { errorText, storedError } from "./stored-error.js";

interface FileRow {
  readonly unique_id: KeptId;
  readonly stem: string;
  /** Path of the folder. */
  readonly path: string;
  readonly size: ThumbnailSize;
  /** null where it follows from stem and size. */
  readonly name: string | null;
  readonly etag: string | null;
  readonly length: number | null;
  readonly modified_at: KeptTime | null;
  readonly signature_sha: KeptHash | null;
  readonly error: string | null;
}

function usualName({ stem, size }: Pick<LibraryFile, "stem" | "size">): string {
  return `${stem}_${size}Thumb.jpg`;
}

function storedFile(row: FileRow): StoredLibraryFile {
  const file: LibraryFile = {
    uniqueId: idOf(row.unique_id),
    name: row.name ?? usualName(row),
    folder: row.path,
    stem: row.stem,
    size: row.size,
    etag: row.etag,
    length: row.length,
    modifiedAt: row.modified_at === null ? null : timeOf(row.modified_at),
  };
  return { file, signatureSha: hashOf(row.signature_sha), error: storedError(row.error) };
}

/** Files of the User Photos library as they were last listed and read. */
export function libraryRecords(db: Db): LibraryRecords {
  const seen = seenIn(db, "seen_files");
  // A file keeps the signature read for it only while etag, length and time of change stay the same.
  const insertFile = db.prepare(
    `INSERT INTO library_files(unique_id, stem, folder, size, name, etag, length, modified_at, signature_sha, error)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)
     ON CONFLICT(unique_id) DO UPDATE SET
       signature_sha = CASE WHEN etag IS excluded.etag AND length IS excluded.length AND modified_at IS excluded.modified_at
                       THEN signature_sha END,
       error = NULL, name = excluded.name, folder = excluded.folder, stem = excluded.stem, size = excluded.size,
       etag = excluded.etag, length = excluded.length, modified_at = excluded.modified_at
     WHERE error IS NOT NULL OR name IS NOT excluded.name OR folder <> excluded.folder OR stem <> excluded.stem OR size <> excluded.size
       OR etag IS NOT excluded.etag OR length IS NOT excluded.length OR modified_at IS NOT excluded.modified_at`,
  );
  const folderAt = db.prepare<[string], { folder: number }>("SELECT folder FROM library_folders WHERE path = ?");
  const insertFolder = db.prepare("INSERT INTO library_folders(path) VALUES (?)");
  const filesOfStem = db.prepare<[string], FileRow>(
    `SELECT l.*, f.path FROM library_files l CROSS JOIN library_folders f ON f.folder = l.folder WHERE l.stem = ?
     ORDER BY f.path, l.size, l.unique_id`,
  );
  const pageOfStems = db.prepare<[string], { stem: string }>(
    "SELECT DISTINCT stem FROM library_files WHERE stem > ? ORDER BY stem LIMIT 200",
  );
  const setReading = db.prepare("UPDATE library_files SET signature_sha = ?, error = ? WHERE unique_id = ?");

  function folderNumber(path: string): number {
    return folderAt.get(path)?.folder ?? Number(insertFolder.run(path).lastInsertRowid);
  }

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
        const { uniqueId, stem, folder, size, name, etag, length, modifiedAt } = file;
        const ownName = name === usualName(file) ? null : name;
        const modified = modifiedAt === null ? null : keptTime(modifiedAt);
        insertFile.run(keptId(uniqueId), stem, folderNumber(folder), size, ownName, etag, length, modified);
        seen.note(runId, keptId(uniqueId));
      }
    },
    forgetLibraryFilesUnseen(runId) {
      seen.of(runId);
      db.prepare("DELETE FROM library_files WHERE unique_id NOT IN (SELECT key FROM temp.seen_files)").run();
      db.prepare("DELETE FROM library_folders WHERE folder NOT IN (SELECT folder FROM library_files)").run();
      seen.forget();
    },
    libraryFilesOfStem(stem) {
      return filesOfStem.all(stem).map(storedFile);
    },
    *libraryFiles() {
      const stems = inPages((last: { stem: string } | null) => pageOfStems.all(last?.stem ?? ""));
      for (const { stem } of stems) yield* filesOfStem.all(stem).map(storedFile);
    },
    countLibraryFiles() {
      return (db.prepare("SELECT count(*) AS n FROM library_files").get() as { n: number }).n;
    },
    countUnreadSmall() {
      const sql = "SELECT count(*) AS n FROM library_files WHERE size <> 'L' AND signature_sha IS NULL";
      return (db.prepare(sql).get() as { n: number }).n;
    },
    // A folder without files goes with the last of them, see forgetLibraryFilesUnseen.
    libraryFolders() {
      return db
        .prepare<[], { path: string }>("SELECT path FROM library_folders ORDER BY path")
        .all()
        .map(({ path }) => path);
    },
    saveLibraryReading(uniqueId, reading) {
      setReading.run(keptHash(reading.signatureSha), errorText(reading.error), keptId(uniqueId));
    },
  };
}
