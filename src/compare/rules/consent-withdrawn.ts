import type { ComparedUser } from "../../model/compared.js";
import type { FindingDraft } from "../../model/finding.js";
import type { ComparedPhoto, LibraryFile } from "../../model/photo.js";
import { photosOf } from "../picture.js";
import { actualPhoto, placeName, remedyByPolicy } from "../words.js";
import { findingOf, type Rule } from "./rule.js";

/**
 * A user on the consent list still has a photo anywhere: in a cloud, or in any file that is the user's, beside the set that counts too. Stronger than
 * every other rule: the table drops the others for this user.
 */
export const consentWithdrawn: Rule = {
  id: "consent-withdrawn",
  severity: "error",
  drift: true,
  title: "Photo in spite of withdrawn consent",
  actions: ["delete-photo", "delete-thumbnail"],
  check(user) {
    if (!user.consentWithdrawn) return [];
    return photosOf(user).flatMap((photo) => {
      const further = furtherFilesAt(user, photo);
      return photo.observed.kind === "present" || further.length > 0 ? [findingAt(user, photo, further)] : [];
    });
  },
};

function furtherFilesAt({ sharePoint }: ComparedUser, photo: ComparedPhoto): readonly LibraryFile[] {
  return (sharePoint.furtherFiles ?? []).filter(({ size }) => sharePoint.photos[size].address === photo.address);
}

function findingAt(user: ComparedUser, photo: ComparedPhoto, further: readonly LibraryFile[]): FindingDraft {
  const files = further.map(({ folder, name }) => `${folder}/${name}`);
  const counts = photo.observed.kind === "present" ? `${placeName(photo)} still holds a photo` : null;
  const beside = files.length === 0 ? null : `${placeName(photo)} still stands as ${files.join(", ")}`;
  return findingOf(consentWithdrawn, user, {
    address: photo.address,
    photo,
    cause: "unknown",
    expected: { photo: "absent" },
    actual: files.length === 0 ? actualPhoto(photo) : { ...actualPhoto(photo), photo: "present", files },
    summary: `Consent was withdrawn, but ${[counts, beside].filter((one) => one !== null).join(", and ")}.`,
    remedy: remedyByPolicy(user, "consent-withdrawn", [
      photo.store === "sharepoint" ? "delete-thumbnail" : "delete-photo",
    ]),
  });
}
