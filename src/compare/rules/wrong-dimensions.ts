import { isOurCurrentWrite, pictureOf } from "../../model/picture.js";
import { thumbnailSizeOf } from "../../model/address.js";
import type { ComparedUser } from "../../model/compared.js";
import type { ComparedPhoto } from "../../model/photo.js";
import { causeOf } from "../cause.js";
import { photosOf } from "../picture.js";
import { actualPhoto, expectedMaster, pictureRemedy, placeName } from "../words.js";
import { findingOf, type Rule } from "./rule.js";

/** Sides may differ by this share and still count as square: services round. */
const SQUARE_TOLERANCE = 0.02;

/** Not square, distorted, or a thumbnail under its size. Larger sizes seen in the wild (240, 300) are fine (facts/sharepoint.md 1.5). */
export const wrongDimensions: Rule = {
  id: "wrong-dimensions",
  severity: "warning",
  drift: true,
  title: "Wrong dimensions",
  actions: ["upload-photo", "write-thumbnail"],
  check(user) {
    return photosOf(user).flatMap((photo) => {
      const picture = pictureOf(user, photo);
      if (picture.kind !== "right" && picture.kind !== "unjudged") return [];
      if (isOurCurrentWrite(user, photo)) return [];
      const fault = faultOf(user, photo, picture.kind === "right" && picture.verdict?.distorted === true);
      if (fault === null) return [];
      const size = thumbnailSizeOf(photo.address);
      return [
        findingOf(wrongDimensions, user, {
          address: photo.address,
          photo,
          cause: causeOf(user, photo),
          expected: {
            ...expectedMaster(user),
            square: true,
            atLeast: size === null ? null : user.policy.thumbnails[size],
          },
          actual: { ...actualPhoto(photo), fault: fault.name },
          summary: `${placeName(photo)} ${fault.words}.`,
          remedy: pictureRemedy(user, "wrong-dimensions", photo),
        }),
      ];
    });
  },
};

function faultOf(
  user: ComparedUser,
  photo: ComparedPhoto,
  distorted: boolean,
): { readonly name: string; readonly words: string } | null {
  if (photo.observed.kind !== "present") return null;
  const { width, height } = photo.observed;
  if (distorted) return { name: "distorted", words: "is squeezed out of its aspect ratio" };
  if (width === null || height === null || width <= 1 || height <= 1) return null;
  if (Math.abs(width - height) > Math.max(1, SQUARE_TOLERANCE * Math.max(width, height))) {
    return { name: "not-square", words: `is not square: ${width} x ${height} pixels` };
  }
  const size = thumbnailSizeOf(photo.address);
  if (size === null) return null;
  const wanted = user.policy.thumbnails[size];
  if (Math.min(width, height) >= wanted) return null;
  return { name: "too-small", words: `has ${width} x ${height} pixels, less than ${wanted}` };
}
