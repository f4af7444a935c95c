import { asObject, serviceError, textOf } from "../http/failures.js";
import type { StoreError } from "../../model/photo.js";
import type { BatchAnswer } from "../http/batch.js";

export const NEEDS_PHOTOS = "ProfilePhoto.Read.All (or User.Read.All) of Microsoft Graph";

/** Error codes of "this user has no photo", old and new (facts/graph-entra-exchange.md 1.4). */
const NO_PHOTO = new Set(["imagenotfound", "erroritemnotfound", "itemnotfound", "getuserphoto", "errorentitynotfound"]);
const NO_MAILBOX = new Set([
  "mailboxnotenabledforrestapi",
  "errornonexistentmailbox",
  "mailboxnothostedinexchangeonline",
]);
const NO_USER = new Set(["request_resourcenotfound", "errorinvaliduser"]);

/** What one answer about a photo's metadata or bytes means. */
export type PhotoAnswer =
  | { readonly kind: "found" }
  | { readonly kind: "no-photo" }
  | { readonly kind: "no-mailbox" }
  | { readonly kind: "unreadable"; readonly error: StoreError };

/** The class of an answer, by status and error code. Anything not known to mean absence is unreadable: "could not look" is never "not there". */
export function classify(answer: BatchAnswer, upn: string): PhotoAnswer {
  if (answer.status >= 200 && answer.status < 300) return { kind: "found" };
  const said = serviceError(answer.body);
  const code = said.code.toLowerCase();
  const imageNotFound = said.message.includes("ImageNotFoundException");
  if ((NO_PHOTO.has(code) && answer.status === 404) || (answer.status === 404 && imageNotFound))
    return { kind: "no-photo" };
  if (NO_MAILBOX.has(code)) return { kind: "no-mailbox" };
  return { kind: "unreadable", error: unreadable(answer, said, upn) };
}

/** An answer that may be better the next time: a 404 that does not say what is missing. */
export function vague(answer: BatchAnswer): boolean {
  return answer.status === 404 && serviceError(answer.body).code === "";
}

function unreadable(answer: BatchAnswer, said: { code: string; message: string }, upn: string): StoreError {
  const words = [said.code, said.message].filter((part) => part !== "").join(" ");
  const message =
    `the photo of ${upn} cannot be read: ${String(answer.status)}${words === "" ? "" : ` ${words}`}`.slice(0, 400);
  if (NO_USER.has(said.code.toLowerCase())) {
    return { code: "user-not-found", message, hint: "the user was deleted since the list was read: run again" };
  }
  switch (answer.status) {
    case 401:
    case 403:
      return { code: "permission-missing", message, hint: `grant the app registration ${NEEDS_PHOTOS}` };
    case 429:
      return { code: "throttled", message, hint: "run again later, or lower limits.concurrency" };
    default:
      return {
        code: answer.status >= 500 ? "service-unavailable" : "request-refused",
        message,
        hint: "run again later",
      };
  }
}

/** Metadata of a photo, `absent` for the documented 1x1 stand-in, null where the body is no metadata. */
export function metadataOf(
  body: Buffer,
): { readonly etag: string | null; readonly width: number; readonly height: number } | "absent" | null {
  let photo: Readonly<Record<string, unknown>>;
  try {
    photo = asObject(JSON.parse(body.toString("utf8")));
  } catch {
    return null;
  }
  const width = photo["width"];
  const height = photo["height"];
  if (typeof width !== "number" || typeof height !== "number") return null;
  if (photo["id"] === "1x1" || photo["id"] === "1X1" || (width <= 1 && height <= 1)) return "absent";
  const etag = textOf(photo["@odata.mediaEtag"]);
  return { etag: etag === "" ? null : etag, width, height };
}

/** The 1x1 GIF that stands for "no photo" (documented for /photo and missing sizes). */
export function isOneByOne(bytes: Buffer): boolean {
  return (
    bytes.length >= 10 &&
    bytes.toString("latin1", 0, 4) === "GIF8" &&
    bytes.readUInt16LE(6) === 1 &&
    bytes.readUInt16LE(8) === 1
  );
}
