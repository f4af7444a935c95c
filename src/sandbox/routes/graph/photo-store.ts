import type { SandboxState } from "../../state.js";
import type { SandboxUser, StoredPhoto } from "../../tenant.js";

/** Sizes of the Microsoft 365 photo store (learn.microsoft.com/graph/api/profilephoto-get). */
export const LADDER: readonly number[] = [48, 64, 96, 120, 240, 360, 432, 504, 648];

/** The photo that answers for a user, or why none can. */
export type Answering =
  | { readonly kind: "photo"; readonly photo: StoredPhoto; readonly directory: boolean }
  | { readonly kind: "none" }
  | { readonly kind: "no-mailbox" };

/**
 * Which store answers (facts/graph-entra-exchange.md 1.5, 1.6). `merged` (today): the mailbox-side store first, then the directory, in both
 * versions. `split` (2019-2021): v1.0 reads the mailbox only, beta falls back to the directory.
 */
export function answeringPhoto(state: SandboxState, user: SandboxUser, version: "v1.0" | "beta"): Answering {
  const split = state.tenant.switches.photoService === "split" && version === "v1.0";
  if (split && !user.hasMailbox) return { kind: "no-mailbox" };
  if (user.hasMailbox && user.mailboxPhoto) return { kind: "photo", photo: user.mailboxPhoto, directory: false };
  if (!split && user.entraPhoto) return { kind: "photo", photo: user.entraPhoto, directory: true };
  return { kind: "none" };
}

/** A size under which a photo is offered: `side` is what its longer side is reduced to, null the photo as it is. */
export interface OfferedSize {
  readonly id: string;
  readonly side: number | null;
  readonly width: number;
  readonly height: number;
}

/** Width and height of a photo, without making its image where they are known. */
export async function pixelsOf(photo: StoredPhoto): Promise<{ readonly width: number; readonly height: number }> {
  return photo.pixels ?? (await photo.image());
}

/** Sizes that a photo of this width and height is offered in; a directory photo has its own dimensions besides. */
export function offeredSizes(state: SandboxState, width: number, height: number, directory: boolean): OfferedSize[] {
  const longer = Math.max(width, height);
  const sizes: OfferedSize[] = LADDER.filter((side) => side <= longer && isStored(state, side, directory)).map(
    (side) => ({
      id: `${side}x${side}`,
      side,
      width: Math.round((width * side) / longer),
      height: Math.round((height * side) / longer),
    }),
  );
  const own = `${width}x${height}`;
  if (directory && !sizes.some((size) => size.id === own)) sizes.push({ id: own, side: null, width, height });
  return sizes;
}

/**
 * Whether a ladder size exists. A size that is not stored is made by the service (`resize`) or missing: in 2018 `/photos/48X48/$value` was 404
 * although a larger photo existed (microsoft-graph-docs issue 2319). What happens today is unknown, so both can be served.
 */
function isStored(state: SandboxState, side: number, directory: boolean): boolean {
  if (state.tenant.switches.missingSize === "resize") return true;
  return !directory && side > 96;
}
