// Made from the files of this folder by `npx vitest run test/unit/tables.test.ts -u`.
import type { Rule } from "./rule.js";
import { changedInTenant } from "./changed-in-tenant.js";
import { consentWithdrawn } from "./consent-withdrawn.js";
import { licenseWithoutMailbox } from "./license-without-mailbox.js";
import { lowResolution } from "./low-resolution.js";
import { missingPhoto } from "./missing-photo.js";
import { missingThumbnail } from "./missing-thumbnail.js";
import { oversizedDirectoryPhoto } from "./oversized-directory-photo.js";
import { placeholderImage } from "./placeholder-image.js";
import { profilePropertyMismatch } from "./profile-property-mismatch.js";
import { propagationPending } from "./propagation-pending.js";
import { reframedPhoto } from "./reframed-photo.js";
import { removedInTenant } from "./removed-in-tenant.js";
import { stalePhoto } from "./stale-photo.js";
import { storesDisagree } from "./stores-disagree.js";
import { unreadable } from "./unreadable.js";
import { upscaledPhoto } from "./upscaled-photo.js";
import { userElsewhere } from "./user-elsewhere.js";
import { userWithoutMaster } from "./user-without-master.js";
import { wrongDimensions } from "./wrong-dimensions.js";
import { wrongPerson } from "./wrong-person.js";

export const RULE_FILES: readonly Rule[] = [
  changedInTenant,
  consentWithdrawn,
  licenseWithoutMailbox,
  lowResolution,
  missingPhoto,
  missingThumbnail,
  oversizedDirectoryPhoto,
  placeholderImage,
  profilePropertyMismatch,
  propagationPending,
  reframedPhoto,
  removedInTenant,
  stalePhoto,
  storesDisagree,
  unreadable,
  upscaledPhoto,
  userElsewhere,
  userWithoutMaster,
  wrongDimensions,
  wrongPerson,
];
