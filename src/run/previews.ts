import type { UserRecords } from "./records/users.js";

/** Up to this many users every picture keeps a preview of about 3 KB, so that reports show right pictures in colour as well. */
const SMALL_TENANT = 2000;

/** Larger tenants keep previews of pictures that look like a finding; the others are drawn grey from their signature. */
export function keepsAllPreviews(records: Pick<UserRecords, "countUsers">): boolean {
  return records.countUsers() <= SMALL_TENANT;
}
