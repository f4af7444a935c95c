import { profileAddress } from "../../model/index.js";
import type { PhotoAddress, StoreError } from "../../model/index.js";
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
    const { profile, observed } = user.sharePoint;
    if (observed && profile.kind === "unreadable") {
      failures.push({ address: profileAddress(user.user.upn), error: profile.error });
    }
    return failures.map(({ address, error }) =>
      findingOf(unreadable, user, {
        address,
        cause: "unknown",
        expected: { readable: true },
        actual: { code: error.code, message: error.message },
        summary: `Could not be read: ${error.message}`,
        remedy: { kind: "manual", actions: [], cure: error.hint },
      }),
    );
  },
};
