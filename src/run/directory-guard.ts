import { PhotodriftError } from "../model/errors.js";
import { lostShare } from "./shrinking.js";

export interface DirectoryCounts {
  /** Users known before this listing. */
  readonly before: number;
  readonly listed: number;
  /** Of those known before, how many were not listed. */
  readonly missing: number;
  /** User principal names that several of the listed users have. */
  readonly sharedUpns: readonly string[];
}

/**
 * Refuses a directory that is empty, that gives one name to two users, or that lost more users since the last listing than
 * limits.maxChangePercent: half an answer is not "all users gone". Throws PhotodriftError `directory-empty`, `directory-contradiction`,
 * `directory-shrunken` (refused).
 */
export function assertDirectoryWhole(counts: DirectoryCounts, maxChangePercent: number): void {
  const { before, listed, missing, sharedUpns } = counts;
  if (listed === 0) {
    throw new PhotodriftError(
      "directory-empty",
      "The directory lists no user at all, which no tenant has.",
      "Check tenant.id and the permission User.Read.All, and look for a proxy that changes answers; then run again.",
      "refused",
    );
  }
  if (sharedUpns.length > 0) {
    throw new PhotodriftError(
      "directory-contradiction",
      `The directory gives one user principal name to several users (${String(sharedUpns.length)} such names).`,
      "Run again: users may have been renamed while the list was read. If it stays so, look for a proxy that changes answers.",
      "refused",
    );
  }
  const lost = lostShare(before, missing, maxChangePercent);
  if (lost === null) return;
  throw new PhotodriftError(
    "directory-shrunken",
    `The directory lists ${String(listed)} users; ${String(missing)} of the ${String(before)} known ones are missing (${lost}).`,
    "Check that the app may read all users (administrative units narrow it). If the users were deleted on purpose, raise limits.maxChangePercent for one run.",
    "refused",
  );
}

/**
 * Refuses licences of subscriptions that the tenant's own list does not name, where they are more than a few: without the list nobody is
 * known to have a mailbox or SharePoint. Throws PhotodriftError `directory-contradiction` (refused).
 * @param licensed users who hold any licence that matters or is unknown
 */
export function assertLicencesKnown(licensed: number, unknown: number, maxChangePercent: number): void {
  if (unknown === 0 || (unknown / licensed) * 100 <= maxChangePercent) return;
  throw new PhotodriftError(
    "directory-contradiction",
    `${String(unknown)} of ${String(licensed)} licensed users hold licences of subscriptions that the tenant's list of subscriptions does not name.`,
    "Check the permission LicenseAssignment.Read.All, and look for a proxy that changes answers; then run again.",
    "refused",
  );
}

/** The error of a listing that came, and is not the directory's. */
export function refusedDirectory(cause: PhotodriftError): PhotodriftError {
  const message = `The directory could not be read whole, and nothing is true without it: ${cause.message}`;
  return new PhotodriftError("directory-not-read", message, cause.hint, "refused", cause);
}
