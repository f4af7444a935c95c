import { slotOf, storeOf } from "../../model/address.js";
import { showSamePicture } from "./agree.js";
import type { UserId } from "../../model/ids.js";
import type { PhotoSignature, StoreError } from "../../model/photo.js";
import type { DeletePhoto, UploadPhoto } from "../../model/plan-action.js";
import type { DirectoryUser } from "../../model/user.js";
import type { CloudPhotoReading } from "../ports.js";
import { changedSince } from "./changed.js";
import { conclude, expected, type LookContext } from "./context.js";

export type CloudAction = UploadPhoto | DeletePhoto;

/** A cloud photo as a fresh look gives it. */
export type CloudState =
  | { readonly kind: "absent" }
  | { readonly kind: "present"; readonly etag: string | null; readonly width: number; readonly height: number }
  | { readonly kind: "unreadable"; readonly error: StoreError };

/** An action whose user is known and whose photo was just looked at. */
export interface LookedAt {
  readonly action: CloudAction;
  readonly user: DirectoryUser;
  readonly state: Exclude<CloudState, { readonly kind: "unreadable" }>;
}

const UNREADABLE: StoreError = {
  code: "unreadable",
  message: "The store did not answer for this user.",
  hint: "Run again later.",
};

/** One metadata batch for all; what cannot be looked at is concluded as failed. */
export async function lookAtClouds(
  context: LookContext,
  actions: readonly CloudAction[],
): Promise<readonly LookedAt[]> {
  const known: { action: CloudAction; user: DirectoryUser }[] = [];
  for (const action of actions) {
    const user = await userOf(context, action);
    if (user !== null) known.push({ action, user });
  }
  const states = await cloudStates(context, known);
  return known.flatMap(({ action, user }, at) => {
    const state = states[at] ?? { kind: "unreadable", error: UNREADABLE };
    if (state.kind !== "unreadable") return [{ action, user, state }];
    conclude(context, action, "failed", state.error);
    return [];
  });
}

/** The directory's user of an action; concluded as failed when there is none any more. */
async function userOf(context: LookContext, action: CloudAction): Promise<DirectoryUser | null> {
  const user = action.user === null ? null : await context.ports.findUser(action.user.id);
  if (user === null) {
    const message = `The user ${action.user?.upn ?? ""} does not exist any more.`;
    conclude(context, action, "stale", { code: "user-not-found", message, hint: "Run photodrift audit again." });
  }
  return user;
}

/** States in the order of the asks. A failure of the whole look is each one's failure. */
export async function cloudStates(
  context: LookContext,
  asks: readonly { readonly action: CloudAction; readonly user: DirectoryUser }[],
): Promise<readonly CloudState[]> {
  if (asks.length === 0) return [];
  let readings: readonly CloudPhotoReading[];
  try {
    readings = await context.ports.cloudReader.metadata(asks.map(({ user }) => user));
  } catch (error) {
    const failure = expected(error);
    return asks.map(() => ({ kind: "unreadable", error: failure }));
  }
  return asks.map(({ action, user }) => {
    const own = readings.filter((one) => one.userId === user.id);
    // The store that answers is another one when the user got or lost a mailbox since.
    const reading = own.find((one) => one.store === storeOf(action.address)) ?? own[0];
    return reading?.result ?? { kind: "unreadable", error: UNREADABLE };
  });
}

/**
 * The largest rendition of each photo that is there, signed; null for what is gone meanwhile. Nothing in the bytes of a batch's part says
 * whose they are: a picture that does not fit, or is gone, is asked for again by itself before it is believed.
 * @param fits whether the picture is the one that the `at`-th ask should show
 */
export async function cloudPictures(
  context: LookContext,
  asks: readonly LookedAt[],
  fits: (shown: CloudPicture, at: number) => boolean = () => false,
): Promise<readonly (CloudPicture | StoreError | null)[]> {
  const pictures = [...(await readPictures(context, asks))];
  const present = asks.flatMap(({ state }, at) => (state.kind === "present" ? [at] : []));
  if (present.length < 2) return pictures;
  for (const at of present) {
    const shown = pictures[at] ?? null;
    const ask = asks[at];
    if (ask === undefined || (shown !== null && (!isPicture(shown) || fits(shown, at)))) continue;
    pictures[at] = (await readPictures(context, [ask]))[0] ?? null;
  }
  return pictures;
}

async function readPictures(
  context: LookContext,
  asks: readonly LookedAt[],
): Promise<readonly (CloudPicture | StoreError | null)[]> {
  const { cloudReader, images } = context.ports;
  const requests = asks.flatMap(({ action, user, state }) => {
    const store = storeOf(action.address) === "entra" ? ("entra" as const) : ("exchange" as const);
    return state.kind === "present" ? [{ user, store, width: state.width, height: state.height, side: null }] : [];
  });
  if (requests.length === 0) return asks.map(() => null);
  try {
    const answers = new Map((await cloudReader.renditions(requests)).map((one) => [one.userId, one.result]));
    return await Promise.all(
      asks.map(async ({ user }): Promise<CloudPicture | StoreError | null> => {
        const answer = answers.get(user.id);
        if (answer === undefined || answer.kind === "absent") return null;
        if (answer.kind === "unreadable") return answer.error;
        try {
          return { bytes: answer.bytes, signature: await images.sign(answer.bytes) };
        } catch (error) {
          expected(error);
          return { bytes: answer.bytes, signature: null };
        }
      }),
    );
  } catch (error) {
    const failure = expected(error);
    return asks.map(({ state }) => (state.kind === "present" ? failure : null));
  }
}

export interface CloudPicture {
  readonly bytes: Buffer;
  /** null: bytes that are no image. They are replaced and backed up like any other. */
  readonly signature: PhotoSignature | null;
}

export function isPicture(found: CloudPicture | StoreError | null | undefined): found is CloudPicture {
  return found !== null && found !== undefined && "bytes" in found;
}

/** The store still shows our own write of this very master: nothing to do, and no pixel needs to be looked at. */
export function showsOurWrite(context: LookContext, { action, state }: LookedAt): boolean {
  const slot = slotOf(action.address);
  if (action.action !== "upload-photo" || action.user === null || slot === null || state.kind !== "present")
    return false;
  const last = context.ports.records.lastApplied(action.user.id as UserId, slot);
  return (
    last !== null && last.masterSha256 === action.after.sourceSha256 && last.etag !== null && last.etag === state.etag
  );
}

/** `holds`: as planned; `differs`: changed since; `by-picture`: no etag decides, the picture must. */
export function preconditionOf({ action, state }: LookedAt): "holds" | "differs" | "by-picture" {
  const { precondition } = action;
  if (precondition.kind === "none") return "holds";
  if (precondition.kind !== "present") return state.kind === "absent" ? "holds" : "differs";
  if (state.kind !== "present") return "differs";
  if (precondition.etag !== null && state.etag !== null) return precondition.etag === state.etag ? "holds" : "differs";
  return "by-picture";
}

/** The picture shown is the one that the plan saw. */
export function showsFingerprint(context: LookContext, action: CloudAction, shown: CloudPicture): boolean {
  const { precondition } = action;
  if (precondition.kind !== "present" || precondition.fingerprint === null) return false;
  if (context.ports.sha256(shown.bytes) === precondition.fingerprint) return true;
  const seen = context.ports.records.signature(precondition.fingerprint);
  return seen !== null && shown.signature !== null && showSamePicture(seen, shown.signature);
}

export function concludeChanged(context: LookContext, action: CloudAction): void {
  conclude(context, action, "stale", changedSince("The photo"));
}
