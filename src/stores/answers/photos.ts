import { z } from "zod";
import { ANOTHER_USER, described, type Described } from "./described.js";
import { filledText, optionalText, pixels } from "./fields.js";

/** Metadata of a stored photo; `absent` is the documented stand-in of one pixel (learn.microsoft.com/graph/api/profilephoto-get). */
export type PhotoMetadata =
  { readonly etag: string | null; readonly width: number; readonly height: number } | "absent";

const whose = { "@odata.context": z.string().optional(), "@odata.id": z.string().optional() };

/** A picture of one pixel is what stands for none, whatever its id says. */
const onePixel = z.object({ ...whose, width: z.literal(1), height: z.literal(1) });

const stored = z.object({
  ...whose,
  // An id of a size says nothing reliable, `default` and sizes are seen (facts/graph-entra-exchange.md 1.3).
  id: z.string().optional(),
  "@odata.mediaEtag": optionalText,
  width: pixels,
  height: pixels,
});

/**
 * Metadata of one user's photo. Where the answer says whose it is (context or id), it must be the user's asked for: parts of a batch
 * may be swapped on the way.
 */
export function photoMetadata(user: { readonly id: string; readonly upn: string }): Described<PhotoMetadata> {
  const shape = described(z.union([onePixel, stored]), (answer) =>
    isOf(user, [answer["@odata.context"], answer["@odata.id"]]) ? null : ANOTHER_USER,
  );
  return {
    read(answer) {
      const reading = shape.read(answer);
      if (reading.kind === "not-read") return reading;
      const { value } = reading;
      if (!("@odata.mediaEtag" in value)) return { kind: "read", value: "absent" };
      return { kind: "read", value: { etag: value["@odata.mediaEtag"], width: value.width, height: value.height } };
    },
  };
}

/** True unless an address in the answer names a user by key and it is another one. */
function isOf(
  user: { readonly id: string; readonly upn: string },
  addresses: readonly (string | undefined)[],
): boolean {
  return addresses.every((address) => {
    const named = /\busers(?:\('([^']+)'\)|\/([^/?#]+)\/photos?\b)/i.exec(address ?? "");
    const key = named?.[1] ?? named?.[2];
    if (key === undefined) return true;
    const plain = decoded(key).toLowerCase();
    return plain === user.id.toLowerCase() || plain === user.upn.toLowerCase();
  });
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** The tenant's photo policy (beta); a tenant without settings has no source. */
export const photoPolicy = described(
  z.object({
    "@odata.context": z.string().optional(),
    source: z.enum(["cloud", "onPremises", "unknownFutureValue"]).nullish(),
    id: filledText.optional(),
  }),
);

/** The 1x1 GIF that stands for "no photo" (documented for /photo and missing sizes). */
export function isOneByOne(bytes: Buffer): boolean {
  return (
    bytes.length >= 10 &&
    bytes.toString("latin1", 0, 4) === "GIF8" &&
    bytes.readUInt16LE(6) === 1 &&
    bytes.readUInt16LE(8) === 1
  );
}
