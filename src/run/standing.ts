import { BROKEN_PICTURE, type StoreError } from "../model/photo.js";
import type { DirectoryUser } from "../model/user.js";
import type { RefusalRecords, Refused } from "./records/refusals.js";

/**
 * Answers that nobody can make sense of and that stay. For two runs they are a gap of the run; from the third on they are told as what they
 * are, with how often they came, and the run is complete without them. Nothing is found or planned about what they are about either way.
 */

/** Consecutive runs after which an answer that stays is the service's last word. */
const STANDS_FROM = 3;

/** The error of one of a user's things, with `standing` where the same refusal came in every one of the last runs. */
export function withStanding(
  records: RefusalRecords,
  runId: string,
  of: { readonly userId: DirectoryUser["id"]; readonly what: Refused },
  error: StoreError | null,
): StoreError | null {
  const runs = records.noteRefusal(runId, of.userId, of.what, error?.refusal ?? null);
  return error === null || runs < STANDS_FROM ? error : { ...error, standing: runs };
}

/**
 * What is stored where a picture should be: an error as any other until the same bytes came in several runs. Half a transfer, a sign-in page of a proxy or
 * a service in trouble give other bytes the next time.
 * @param place what of whom, as the start of a sentence
 * @param flaw why the bytes are no picture, in words that end a sentence
 */
export function noPictureError(place: string, sha256: string, flaw: string): StoreError {
  return {
    code: BROKEN_PICTURE,
    message: `${place} is stored as ${sha256.slice(0, 12)}…, which is no picture: ${flaw}`,
    hint: "run again: what comes in the same way in three runs is what is stored",
    refusal: `${BROKEN_PICTURE} ${sha256} ${flaw}`,
  };
}

/** Why a stored file is no picture, where several runs proved it, or null. */
export function provedNoPicture({ code, refusal, standing }: StoreError): string | null {
  if (code !== BROKEN_PICTURE || refusal === undefined || standing === undefined) return null;
  return refusal.split(" ").slice(2).join(" ");
}

/**
 * The user, with `unknownRuns` where the same subscription was missing in every one of the last runs: a licence of a subscription that the
 * tenant gave up stays on its users for a while (skuId "corresponds to the skuId from subscribedSkus",
 * learn.microsoft.com/graph/api/resources/assignedlicense).
 */
export function withUnknownRuns(records: RefusalRecords, runId: string, user: DirectoryUser): DirectoryUser {
  const { unknown } = user.licences;
  const runs = records.noteRefusal(runId, user.id, "licence", unknown ?? null);
  return runs < STANDS_FROM ? user : { ...user, licences: { ...user.licences, unknownRuns: runs } };
}
