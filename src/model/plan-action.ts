import { z } from "zod";
import { storeAddressSchema, type ThumbnailSize } from "./address.js";
import { lastAppliedSchema } from "./last-applied.js";
import { RULE_IDS } from "./rule.js";
import { count, cropSchema, findingUserSchema, nullableText, sha256, side, text, type DeepReadonly } from "./shapes.js";

/** Profile properties that this program writes (facts/sharepoint.md section 0). */
export const PICTURE_PROPERTIES = [
  "SPS-PicturePlaceholderState",
  "SPS-PictureExchangeSyncState",
  "PictureURL",
  "SPS-PictureTimestamp",
] as const;
/** Photo properties of a SharePoint profile, in the order in which they are written. */
export type PicturePropertyName = (typeof PICTURE_PROPERTIES)[number];

const propertyName = z.enum(PICTURE_PROPERTIES);
const propertyValues = z.partialRecord(propertyName, nullableText);
/** Values by property; null: not known (not read). */
export type PropertyValues = DeepReadonly<z.output<typeof propertyValues>>;

const pictureSource = z.discriminatedUnion("kind", [
  z
    .strictObject({ kind: z.literal("master"), file: text, crop: cropSchema })
    .describe("a file of the source folder (relative, forward slashes) and the square cut out of it"),
  z
    .strictObject({
      kind: z.literal("cloud-photo"),
      address: storeAddressSchema,
      etag: nullableText,
      width: side,
      height: side,
    })
    .describe("a copy of the user's cloud photo as it is at that etag"),
  z.strictObject({ kind: z.literal("backup") }).describe("a picture of the backup store, byte for byte"),
]);
/** Where the bytes of a write come from. A plan holds no image. */
export type PictureSource = DeepReadonly<z.output<typeof pictureSource>>;

const absent = z.literal("absent");
const present = z.literal("present");

const pictureBefore = z.discriminatedUnion("photo", [
  z.strictObject({ photo: absent }),
  z.strictObject({
    photo: present,
    etag: nullableText,
    width: count.nullable().describe("pixels, null where unknown"),
    height: count.nullable().describe("pixels, null where unknown"),
    bytes: count.nullable(),
    sha256: sha256.nullable().describe("of the rendition that was read, which may be smaller than the stored picture"),
  }),
]);
/** A picture as it was seen when the plan was made. */
export type PictureBefore = DeepReadonly<z.output<typeof pictureBefore>>;

const precondition = z.discriminatedUnion("kind", [
  z.strictObject({ kind: absent }),
  z
    .strictObject({ kind: present, etag: nullableText, fingerprint: sha256.nullable() })
    .describe("the etag is the same or, where there is none, the picture of that SHA-256 is still shown"),
  z
    .strictObject({ kind: z.literal("properties"), values: propertyValues })
    .describe("each named property still has this value (null: any)"),
  z.strictObject({ kind: z.literal("none") }).describe("forced"),
]);
/** What must still hold right before the write. */
export type Precondition = DeepReadonly<z.output<typeof precondition>>;

const restores = z.strictObject({ entry: count, lastApplied: lastAppliedSchema.nullable() });
/** What an undo puts back: the journal entry, and what we had last applied there before it. */
export type Restores = DeepReadonly<z.output<typeof restores>>;

const common = {
  id: text.describe("stable for the same action at the same address"),
  address: storeAddressSchema,
  user: findingUserSchema.nullable().describe("null: a file that belongs to nobody"),
  because: z.enum(RULE_IDS).describe("the gravest rule that asks for this"),
  decidedBy: text.exactOptional().describe("who decided on it, where it rests on a decision"),
  precondition,
  restores: restores.exactOptional().describe("only in the plan of an undo"),
};

/** One name inside a folder: no way out of it. */
const fileName = z
  .string()
  .max(400)
  .regex(/^[^/\\]+$/);

const uploadPhoto = z.strictObject({
  ...common,
  action: z.literal("upload-photo"),
  before: pictureBefore,
  after: z.strictObject({
    photo: present,
    sourceSha256: sha256.describe("of the master file, or of the backed up picture"),
    source: pictureSource,
    maxBytes: count,
  }),
});
const deletePhoto = z.strictObject({
  ...common,
  action: z.literal("delete-photo"),
  before: pictureBefore,
  after: z.strictObject({ photo: absent }),
});
const writeThumbnail = z.strictObject({
  ...common,
  action: z.literal("write-thumbnail"),
  before: pictureBefore,
  after: z.strictObject({
    photo: present,
    sourceSha256: sha256.nullable(),
    source: pictureSource,
    side: count.describe("pixels"),
    folder: text,
    name: fileName,
  }),
});
const deleteThumbnail = z.strictObject({
  ...common,
  action: z.literal("delete-thumbnail"),
  before: pictureBefore,
  after: z.strictObject({ photo: absent, folder: text, name: fileName }),
});
const setPictureProperties = z.strictObject({
  ...common,
  action: z.literal("set-picture-properties"),
  before: z.strictObject({ properties: propertyValues }),
  after: z.strictObject({ properties: z.partialRecord(propertyName, text) }),
});

/** One action of a plan file. The type and the JSON Schema are read off it. */
export const planActionSchema = z.discriminatedUnion("action", [
  uploadPhoto,
  deletePhoto,
  writeThumbnail,
  deleteThumbnail,
  setPictureProperties,
]);

/** Put a photo into the cloud. */
export type UploadPhoto = DeepReadonly<z.output<typeof uploadPhoto>>;
/** Take a photo out of the cloud. */
export type DeletePhoto = DeepReadonly<z.output<typeof deletePhoto>>;
/** Put a file into the User Photos library. */
export type WriteThumbnail = DeepReadonly<z.output<typeof writeThumbnail>>;
/** Take a file out of it. */
export type DeleteThumbnail = DeepReadonly<z.output<typeof deleteThumbnail>>;
/** Set profile properties that name the picture. */
export type SetPictureProperties = DeepReadonly<z.output<typeof setPictureProperties>>;
/** One write, with what it rests on and why. */
export type PlanAction = UploadPhoto | DeletePhoto | WriteThumbnail | DeleteThumbnail | SetPictureProperties;

/** Sides in which SharePoint's thumbnails are written: the picture people see largest first. */
export const THUMBNAIL_WRITE_ORDER: readonly ThumbnailSize[] = ["L", "M", "S"];

/** Equal for the actions of one user (or of one file stem that belongs to nobody). */
export function ownerKey(action: PlanAction): string {
  if (action.user !== null) return `u${action.user.upn.toLowerCase()}\u0001${action.user.id}`;
  return `z${action.address.replace(/\/[^/]*$/, "").toLowerCase()}`;
}
