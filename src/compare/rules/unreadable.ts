import { entraAddress, exchangeAddress, profileAddress, type PhotoAddress } from "../../model/address.js";
import type { ComparedUser } from "../../model/compared.js";
import type { FindingDraft } from "../../model/finding.js";
import { BROKEN_PICTURE, type StoreError } from "../../model/photo.js";
import { photosOf } from "../picture.js";
import { findingOf, type Rule } from "./rule.js";

/** A store did not answer for this user after all retries. */
export const unreadable: Rule = {
  id: "unreadable",
  severity: "error",
  drift: false,
  title: "Could not be read",
  actions: [],
  check(user) {
    const failures: { address: PhotoAddress; error: StoreError }[] = [];
    for (const photo of photosOf(user)) {
      if (photo.observed.kind === "unreadable") failures.push({ address: photo.address, error: photo.observed.error });
    }
    const { licences, upn } = user.user;
    if (licences.unknown !== undefined) {
      const address = licences.mailbox ? exchangeAddress(upn) : entraAddress(upn);
      return [finding(user, address, unknownLicence(licences.unknown, licences.unknownRuns))];
    }
    const { profile, observed } = user.sharePoint;
    if (observed && profile.kind === "unreadable") {
      failures.push({ address: profileAddress(user.user.upn), error: profile.error });
    }
    return failures.map(({ address, error }) => finding(user, address, error));
  },
};

function finding(user: ComparedUser, address: PhotoAddress, error: StoreError): FindingDraft {
  const { code, message, hint, standing } = error;
  return findingOf(unreadable, user, {
    address,
    cause: "unknown",
    expected: { readable: true },
    actual: { code, message, ...(standing === undefined ? {} : { standing }) },
    summary:
      standing === undefined
        ? `Could not be read: ${message}`
        : `Cannot be read, for the same reason in ${String(standing)} runs: ${message}`,
    remedy: { kind: "manual", actions: [], cure: standing === undefined ? hint : cureOf(code) },
  });
}

function cureOf(code: string): string {
  return code === BROKEN_PICTURE ? BROKEN_CURE : STANDING_CURE;
}

const BROKEN_CURE =
  "Another run will not help: what is stored is broken. Take the photo away in the admin centre; where there is a master, the next apply uploads it.";

const STANDING_CURE =
  "Another run will not help: check the user's mailbox and licences in the admin centre (a licence of a subscription that is gone can be taken away), or leave the user out with scope.exclude.";

function unknownLicence(sku: string, runs: number | undefined): StoreError {
  return {
    ...(runs === undefined ? {} : { standing: runs }),
    code: "licence-unknown",
    message: `the tenant's list of subscriptions does not name ${sku}, of which the user holds a licence`,
    hint: "Run again. If it stays so, the subscription is gone: take the licence from the user in the admin centre.",
  };
}
