import { z } from "zod";
import { storeAddressSchema } from "./address.js";
import { nullableText, sha256, text, time, type DeepReadonly } from "./shapes.js";

export const lastAppliedSchema = z.strictObject({
  address: storeAddressSchema,
  masterSha256: sha256.nullable(),
  action: text,
  at: time,
  /** Etag and content hash the store showed right after the write. */
  etag: nullableText,
  readBackSha256: sha256.nullable(),
});

/** What this program last put at an address, and what it read back. */
export type LastApplied = DeepReadonly<z.output<typeof lastAppliedSchema>>;
