import type { StoreError } from "../../model/photo.js";
import type { UploadPhoto, WriteThumbnail } from "../../model/plan-action.js";
import type { Crop } from "../../model/shapes.js";
import type { DirectoryUser } from "../../model/user.js";
import { storeOf } from "../../model/address.js";
import { expected, type LookContext } from "./context.js";

/** The bytes to send, or why there are none: `stale` when the source is not what the plan was made from. */
export type Rendered =
  { readonly kind: "ready"; readonly jpeg: Buffer } | { readonly kind: "stale" | "failed"; readonly error: StoreError };

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

/** The file is hashed before and after: what was rendered is what the plan names, even when the file is replaced meanwhile. */
async function fromMaster(
  context: LookContext,
  action: UploadPhoto | WriteThumbnail,
  file: string,
  crop: Crop,
): Promise<Rendered> {
  const { masters } = context.ports;
  const wanted = action.after.sourceSha256;
  const found = await masters.sha256(file);
  if (found !== wanted) return masterChanged(file, found === null);
  const jpeg = await cut(context, action, masters.path(file), crop);
  const still = await masters.sha256(file);
  return still === wanted ? { kind: "ready", jpeg } : masterChanged(file, still === null);
}

function masterChanged(file: string, gone: boolean): Rendered {
  const message = gone ? `The master ${file} is gone.` : `The master ${file} changed since the plan was made.`;
  return { kind: "stale", error: { code: gone ? "source-missing" : "source-changed", message, hint: MAKE_ANEW } };
}

async function fromBackup(context: LookContext, action: UploadPhoto | WriteThumbnail): Promise<Rendered> {
  const { sourceSha256 } = action.after;
  const jpeg = sourceSha256 === null ? null : await context.ports.backups.get(sourceSha256);
  if (jpeg !== null) return { kind: "ready", jpeg };
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
  return { kind: "ready", jpeg: await cut(context, action, path, crop) };
}

function cut(context: LookContext, action: UploadPhoto | WriteThumbnail, path: string, crop: Crop): Promise<Buffer> {
  const { renderer } = context.ports;
  return action.action === "upload-photo"
    ? renderer.cloudPhoto(path, crop, action.after.maxBytes)
    : renderer.thumbnail(path, crop, action.after.side);
}
