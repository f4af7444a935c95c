import type { StoreError } from "../../model/photo.js";
import { photoAbsence } from "../answers/absence.js";
import { serviceError, type ServiceError } from "../answers/service-error.js";
import type { BatchAnswer } from "../http/batch.js";

export const NEEDS_PHOTOS = "ProfilePhoto.Read.All (or User.Read.All) of Microsoft Graph";

/** What one answer about a photo's metadata or bytes means by its status and error; `found` says nothing of its body yet. */
export type PhotoAnswer =
  | { readonly kind: "found" }
  | { readonly kind: "no-photo" }
  | { readonly kind: "no-mailbox" }
  | { readonly kind: "unreadable"; readonly error: StoreError };

/** The class of an answer. Anything not known to mean absence is unreadable: "could not look" is never "not there". */
export function classify(answer: BatchAnswer, upn: string): PhotoAnswer {
  if (answer.status >= 200 && answer.status < 300) return { kind: "found" };
  const said = serviceError(answer.body);
  const absence = photoAbsence(answer.status, said);
  if (absence === "no-photo" || absence === "no-mailbox") return { kind: absence };
  return { kind: "unreadable", error: unreadable(answer, said, upn, absence === "no-user") };
}

/** An answer that may be better the next time: a 404 that does not say what is missing. */
export function vague(answer: BatchAnswer): boolean {
  return answer.status === 404 && serviceError(answer.body).code === "";
}

/** What cannot be believed of the answer about a user's photo, as observations keep it. */
export function unusablePhoto(upn: string, because: string): StoreError {
  return {
    code: "unusable-answer",
    message: `the photo of ${upn} cannot be read: ${because}`,
    hint: "run again later",
  };
}

function unreadable(answer: BatchAnswer, said: ServiceError, upn: string, isGone: boolean): StoreError {
  const words = [said.code, said.message].filter((part) => part !== "").join(" ");
  const message =
    `the photo of ${upn} cannot be read: ${String(answer.status)}${words === "" ? "" : ` ${words}`}`.slice(0, 400);
  if (isGone) {
    const hint = "the user was deleted since the list was read: run again";
    // Of a user who is listed in every run it is no passing answer either.
    return { ...refusal(answer, said), code: "user-not-found", message, hint };
  }
  switch (answer.status) {
    case 401:
      return {
        code: "unauthorized",
        message,
        hint: "the service did not take the token, not even a fresh one: check tenant.id and tenant.cloud, then run photodrift doctor",
      };
    case 403:
      return { code: "permission-missing", message, hint: `grant the app registration ${NEEDS_PHOTOS}` };
    case 429:
      return { code: "throttled", message, hint: "run again later, or lower limits.concurrency" };
    default:
      if (answer.status >= 500) return { code: "service-unavailable", message, hint: "run again later" };
      return { ...refusal(answer, said), message };
  }
}

/**
 * An error code that no document explains. It carries the code so that a later run can tell a refusal that stays from one that passed;
 * an answer without a code (an empty 404, a page of a proxy) is nobody's word.
 */
function refusal(answer: BatchAnswer, said: ServiceError): Pick<StoreError, "code" | "hint" | "refusal"> {
  const hint = "run again later";
  if (said.code === "") return { code: "request-refused", hint };
  return { code: "request-refused", hint, refusal: `${String(answer.status)} ${said.code}` };
}
