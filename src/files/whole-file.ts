import { randomBytes } from "node:crypto";
import { open, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

export interface WholeFile {
  /** Permissions of the new file; 0o600 (its owner's only) unless told. */
  readonly mode?: number;
  /** Also flush the folder, so that the new name outlives a power cut. */
  readonly durable?: boolean;
}

/**
 * Writes a file so that its name is always a whole content, the old one or the new one: into a draft of the same folder, flushed, then
 * renamed. The folder must be there. Whatever goes wrong, the draft is removed and the error passed on as it came, from the pieces or the file system.
 */
export async function writeWhole(
  path: string,
  pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
  { mode = 0o600, durable = false }: WholeFile = {},
): Promise<void> {
  const draft = join(dirname(path), draftName(path));
  try {
    const file = await open(draft, "wx", mode);
    try {
      for await (const piece of pieces) await writeAll(file, piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  if (durable) await flushFolder(dirname(path));
}

/**
 * Proves that `writeWhole` can write there now, as far as that is seen without content: a draft can be made beside it, and the name is no
 * folder's. Leaves nothing behind. Throws what the file system throws.
 */
export async function proveWritable(path: string): Promise<void> {
  const known = await stat(path).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  });
  if (known?.isDirectory() === true) throw Object.assign(new Error("is a directory"), { code: "EISDIR", path });
  const draft = join(dirname(path), draftName(path));
  const file = await open(draft, "wx", 0o600);
  await file.close();
  await rm(draft, { force: true });
}

/** Hidden, in the same folder (a rename must not cross file systems), short enough for any file system. */
export function draftName(path: string): string {
  return `.${basename(path).slice(0, 60)}.${randomBytes(6).toString("hex")}.part`;
}

/** Writes every byte: a file system may take less than it is given. */
export async function writeAll(file: FileHandle, piece: string | Uint8Array): Promise<void> {
  const bytes = typeof piece === "string" ? Buffer.from(piece, "utf8") : piece;
  for (let done = 0; done < bytes.length;) done += (await file.write(bytes, done)).bytesWritten;
}

/** File systems that do not let folders be opened or flushed (Windows, some shares) need no such thing. */
const NO_FLUSH = ["EISDIR", "EPERM", "EACCES", "EINVAL", "ENOTSUP"];

/** Makes new names in a folder survive a power cut. */
export async function flushFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  try {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!(error instanceof Error && "code" in error && NO_FLUSH.includes(String(error.code)))) throw error;
  }
}
