import { PhotodriftError } from "../../model/errors.js";
import type { PhotoSignature, StoreError } from "../../model/photo.js";
import type { UploadPhoto, WriteThumbnail } from "../../model/plan-action.js";
import type { Crop } from "../../model/shapes.js";
import type { DirectoryUser } from "../../model/user.js";
import { storeOf } from "../../model/address.js";
import { expected, type LookContext } from "./context.js";

/** The bytes to send, or why there are none: `stale` when the source is not what the plan was made from. */
export type Rendered = Ready | { readonly kind: "stale" | "failed"; readonly error: StoreError };

interface Ready {
  readonly kind: "ready";
  readonly jpeg: Buffer;
  /** Of its pixels; null where nobody made one. */
  readonly signature: PhotoSignature | null;
}

const MAKE_ANEW = "Run photodrift audit again and apply the new plan.";

/** Renders the picture of an action from its source: the master, the user's cloud photo, or a backup byte for byte. */
export async function renderSource(
  context: LookContext,
  action: UploadPhoto | WriteThumbnail,
  user: DirectoryUser | null,
): Promise<Rendered> {
  try {
    switch (action.after.source.kind) {
      case "master":
        return await fromMaster(context, action, action.after.source.file, action.after.source.crop);
      case "backup":
        return await fromBackup(context, action);
      case "cloud-photo":
        return await fromCloud(context, action, action.after.source, user);
    }
  } catch (error) {
    return { kind: "failed", error: expected(error) };
  }
}

/** The bytes that were decoded are hashed: what was rendered is what the plan names, even when the file is replaced meanwhile. */
async function fromMaster(
  context: LookContext,
  action: UploadPhoto | WriteThumbnail,
  file: string,
  crop: Crop,
): Promise<Rendered> {
  const { masters } = context.ports;
  const wanted = action.after.sourceSha256;
  try {
    const { ready, sourceSha256 } = await cut(context, action, masters.path(file), crop);
    return sourceSha256 === wanted ? ready : masterChanged(file, false);
  } catch (error) {
    if (!(error instanceof PhotodriftError)) throw error;
    // What is gone, or cannot be decoded since it was replaced, is not what the plan names. Where nobody can read it, the first error says why.
    const found = await masters.sha256(file).catch(() => wanted);
    if (found === wanted) throw error;
    return masterChanged(file, found === null);
  }
}

function masterChanged(file: string, gone: boolean): Rendered {
  const message = gone ? `The master ${file} is gone.` : `The master ${file} changed since the plan was made.`;
  return { kind: "stale", error: { code: gone ? "source-missing" : "source-changed", message, hint: MAKE_ANEW } };
}

async function fromBackup(context: LookContext, action: UploadPhoto | WriteThumbnail): Promise<Rendered> {
  const { sourceSha256 } = action.after;
  const jpeg = sourceSha256 === null ? null : await context.ports.backups.get(sourceSha256);
  if (jpeg !== null) return { kind: "ready", jpeg, signature: null };
  const message = "The backup of the former picture is gone.";
  const hint = "Backups live as long as their run can be undone (keepUndo), and never longer than the user's consent.";
  return { kind: "failed", error: { code: "backup-missing", message, hint } };
}

/** The cloud photo as it was at the plan's etag, kept as a backup, is rendered like a master. */
async function fromCloud(
  context: LookContext,
  action: UploadPhoto | WriteThumbnail,
  source: Extract<WriteThumbnail["after"]["source"], { readonly kind: "cloud-photo" }>,
  user: DirectoryUser | null,
): Promise<Rendered> {
  const { cloudReader, backups, images } = context.ports;
  const store = storeOf(source.address) === "entra" ? "entra" : "exchange";
  const changed: Rendered = {
    kind: "stale",
    error: { code: "source-changed", message: "The cloud photo changed since the plan was made.", hint: MAKE_ANEW },
  };
  if (user === null) return changed;
  const reading = (await cloudReader.metadata([user])).find((one) => one.store === store)?.result;
  if (reading?.kind === "unreadable") return { kind: "failed", error: reading.error };
  if (reading?.kind !== "present" || reading.etag !== source.etag) return changed;
  const { width, height } = source;
  const [answer] = await cloudReader.renditions([{ user, store, width, height, side: null }]);
  if (answer?.result.kind === "unreadable") return { kind: "failed", error: answer.result.error };
  if (answer?.result.kind !== "image") return changed;
  const path = backups.path(await backups.put(answer.result.bytes));
  const { crop } = await images.signMaster(path);
  return (await cut(context, action, path, crop)).ready;
}

async function cut(
  context: LookContext,
  action: UploadPhoto | WriteThumbnail,
  path: string,
  crop: Crop,
): Promise<{ readonly ready: Ready; readonly sourceSha256: string }> {
  const { renderer } = context.ports;
  if (action.action === "upload-photo") {
    const { jpeg, signature, sourceSha256 } = await renderer.cloudPhoto(path, crop, action.after.maxBytes);
    return { ready: { kind: "ready", jpeg, signature }, sourceSha256 };
  }
  const { jpeg, sourceSha256 } = await renderer.thumbnail(path, crop, action.after.side);
  return { ready: { kind: "ready", jpeg, signature: null }, sourceSha256 };
}

/** The signature that a store must show once it has the picture. */
export async function wantedOf({ ports }: LookContext, { jpeg, signature }: Ready): Promise<PhotoSignature> {
  return signature ?? ports.images.sign(jpeg);
}
