import type { LibraryFile, PhotoSignature } from "../../model/photo.js";
import { showSamePicture } from "./agree.js";
import { expected, type LookContext } from "./context.js";

/** A thumbnail that was sent, as far as telling it again needs. */
export interface SentThumbnail {
  readonly sha256: string | null;
  /** What stood there before: whether anything did, and its etag. */
  readonly before: { readonly exists: boolean; readonly etag: string | null };
  /** What the file must show, made when it is asked for; null where nobody can say any more. */
  readonly wanted: () => Promise<PhotoSignature | null>;
}

/**
 * Does the library hold what was sent? To the byte; or, where the file is another than the one before, the same picture in an encoding of the
 * service's own: whoever stores pictures may write them anew, and such a write is ours to know and to take back. The SHA-256 of what is stored, else null.
 */
export async function storedAsSent(
  { ports }: LookContext,
  file: LibraryFile,
  { sha256, before, wanted }: SentThumbnail,
): Promise<string | null> {
  const stored = await ports.sharePointReader.download(file);
  if (stored === null) return null;
  const found = ports.sha256(stored.bytes);
  if (found === sha256) return found;
  const moved = !before.exists || (file.etag !== null && file.etag !== before.etag);
  if (!moved) return null;
  try {
    const sent = await wanted();
    return sent !== null && showSamePicture(sent, await ports.images.sign(stored.bytes)) ? found : null;
  } catch (error) {
    // Bytes that are no picture are not the one sent.
    expected(error);
    return null;
  }
}
