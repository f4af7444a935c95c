import type { ServiceError } from "./service-error.js";

/**
 * The only answers that mean "it is not there". Anything else that is no value - an empty 404, a page of a proxy, a code nobody has
 * documented - is not read: "could not look" is never "not there".
 */

/** Codes of "this user has no photo", old and new (facts/graph-entra-exchange.md 1.4). */
const NO_PHOTO = new Set(["imagenotfound", "erroritemnotfound", "itemnotfound", "getuserphoto", "errorentitynotfound"]);

/**
 * Codes of "this user has no mailbox" at an address that only a mailbox answers (facts/graph-entra-exchange.md 1.4). `ResourceNotFound`
 * "Resource could not be discovered." is what users without a mailbox behind their licence get, on /photo as on /messages
 * (github.com/microsoftgraph/microsoft-graph-docs/issues/2085, 4598).
 */
const NO_MAILBOX = new Set([
  "mailboxnotenabledforrestapi",
  "errornonexistentmailbox",
  "mailboxnothostedinexchangeonline",
]);

const NO_USER = new Set(["request_resourcenotfound", "errorinvaliduser"]);

export type PhotoAbsence = "no-photo" | "no-mailbox" | "no-user" | null;

/** What an error about a user's photo says to be missing; null: it does not say so. */
export function photoAbsence(status: number, { code, message }: ServiceError): PhotoAbsence {
  const known = code.toLowerCase();
  if (status === 404 && (NO_PHOTO.has(known) || message.includes("ImageNotFoundException"))) return "no-photo";
  if (status !== 404 && status !== 400 && status !== 403) return null;
  if (NO_MAILBOX.has(known)) return "no-mailbox";
  if (status === 404 && known === "resourcenotfound" && /could not be discovered/i.test(message)) return "no-mailbox";
  return status === 404 && NO_USER.has(known) ? "no-user" : null;
}

/** The directory does not know the user or group (facts/graph-entra-exchange.md 1.4). */
export function isDirectoryAbsence(status: number, { code }: ServiceError): boolean {
  return status === 404 && code.toLowerCase() === "request_resourcenotfound";
}

/** A key that can be no group's: the directory says so with a 400. */
export function isNoGroupKey(status: number, { code }: ServiceError): boolean {
  return isDirectoryAbsence(status, { code, message: "" }) || (status === 400 && /^request_|^badrequest$/i.test(code));
}

/** SharePoint has no profile of the user: only its own words for it (facts/sharepoint.md 2.1). */
export function isProfileAbsence({ code, message }: ServiceError): boolean {
  return /UserNotFoundException|UserProfileNotFoundException/i.test(code) || /User Profile Error 1000\b/i.test(message);
}

/** SharePoint has no such file: hresult or type of the exception (facts/sharepoint.md 3.3). */
export function isFileAbsence(status: number, { code }: ServiceError): boolean {
  return status === 404 && /^-2147024894\b|^-2130575338\b|FileNotFoundException/i.test(code);
}

/** SharePoint has no such folder; for an upload it also says 409 with words about the folder (facts/sharepoint.md 3.3). */
export function isFolderAbsence(status: number, { code, message }: ServiceError): boolean {
  if (status === 404) return /^-2147024893\b|^-2147024894\b|^-2130575338\b|NotFoundException/i.test(code);
  return status === 409 && /folder/i.test(message);
}

/** The host has no User Photos library (facts/sharepoint.md 3.3). */
export function isListAbsence(status: number, { code, message }: ServiceError): boolean {
  return status === 404 && /ArgumentException|^-2130575322\b|^-2147024894\b/i.test(code) && message !== "";
}
