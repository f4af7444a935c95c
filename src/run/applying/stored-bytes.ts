import type { LibraryFile } from "../../model/photo.js";
import type { ApplyContext } from "./context.js";

/** The bytes of a thumbnail that a fresh look showed, for its backup; null where it changed since the look. */
export async function bytesOf(context: ApplyContext, file: LibraryFile): Promise<Buffer | null> {
  return (await knownBytes(context, file)) ?? (await storedBytes(context, file));
}

async function storedBytes({ ports }: ApplyContext, file: LibraryFile): Promise<Buffer | null> {
  const stored = await ports.sharePointReader.download(file);
  if (stored === null || (stored.etag !== null && file.etag !== null && stored.etag !== file.etag)) return null;
  return stored.bytes;
}

/**
 * Without a download: what an audit kept of the file, where the look shows the etag at which the audit read it. null where nothing was kept, or
 * something else than the very bytes.
 */
async function knownBytes({ ports }: ApplyContext, file: LibraryFile): Promise<Buffer | null> {
  const { records } = ports;
  const known = records.libraryFilesOfStem(file.stem).find((one) => one.file.uniqueId === file.uniqueId);
  if (known === undefined || known.signatureSha === null) return null;
  if (file.etag === null || known.file.etag !== file.etag) return null;
  const kept = await records.preview(known.signatureSha);
  return kept !== null && ports.sha256(kept) === known.signatureSha ? kept : null;
}
