import type { LibraryFile, StoreError } from "../../model/photo.js";

/** One thumbnail file with the signature read for its etag, if any. */
export interface StoredLibraryFile {
  readonly file: LibraryFile;
  readonly signatureSha: string | null;
  /** The last attempt to read it failed. */
  readonly error: StoreError | null;
}

/** Thumbnail files of the User Photos library as they were last listed and read. */
export interface LibraryRecords {
  libraryMark(): string | null;
  saveLibraryMark(mark: string | null): void;
  saveLibraryFiles(runId: string, files: readonly LibraryFile[]): void;
  forgetLibraryFilesUnseen(runId: string): void;
  libraryFilesOfStem(stem: string): readonly StoredLibraryFile[];
  /** Files in order of folder, stem and size. */
  libraryFiles(): Iterable<StoredLibraryFile>;
  countLibraryFiles(): number;
  /** Files of size S or M, whoever's they are, whose picture is not known. */
  countUnreadSmall(): number;
  /** Server-relative folders of the thumbnails, as SharePoint spells them. */
  libraryFolders(): readonly string[];
  saveLibraryReading(uniqueId: string, reading: { signatureSha: string | null; error: StoreError | null }): void;
}
