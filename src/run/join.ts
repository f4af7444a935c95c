import { showsLastApplied } from "../model/picture.js";
import { withKept } from "../compare/decisions.js";
import { looksLikePlaceholder } from "../compare/photo/index.js";
import { siteOfPicture } from "../compare/geography.js";
import { pictureUrlOf } from "../compare/stem.js";
import { entraAddress, exchangeAddress, slotOf, thumbnailAddress, type ThumbnailSize } from "../model/address.js";
import type { ComparedSharePoint, ComparedUser } from "../model/compared.js";
import type { MasterPhoto } from "../model/master.js";
import type {
  ComparedPhoto,
  ObservedPhoto,
  ObservedProfile,
  PhotoIdentity,
  PhotoSignature,
  PhotoVerdict,
} from "../model/photo.js";
import type { DirectoryUser } from "../model/user.js";
import { cloudChangeOf, previousPicture, showsPrevious, type PreviousPicture } from "./cloud-change.js";
import { identityOf } from "./identity.js";
import type { JoinContext } from "./join-context.js";
import type { StoredPlace } from "./places.js";
import { storesAgree } from "./stores-agree.js";
import { unfinishedRepair } from "./unfinished.js";
import type { StoredCloudPhoto } from "./records/cloud-photos.js";
import type { StoredLibraryFile } from "./records/library.js";
import { looksAt } from "./settings.js";
import { likeLarge, type PictureHistory } from "./versions.js";

/** Everything known of one user, joined out of the records. No request is made. */
export async function joinUser(context: JoinContext, user: DirectoryUser): Promise<ComparedUser> {
  const reread = context.judge.rereadMasters();
  const joined = await joinOnce(context, user);
  // Else a part of it may be judged by what a master was before.
  return context.judge.rereadMasters() === reread ? joined : joinUser(context, user);
}

async function joinOnce(context: JoinContext, user: DirectoryUser): Promise<ComparedUser> {
  const { ports, settings, roster } = context;
  const master = roster.masterPhoto(user);
  const cloudRows = context.cloudObserved
    ? ports.records.cloudPhotos(user.id).filter((row) => looksAt(settings, row.store))
    : [];
  const cloud: ComparedPhoto[] = [];
  const rows = byPrecedence(user, cloudRows);
  for (const row of rows) {
    const { store, attribution } = row;
    const address = store === "exchange" ? exchangeAddress(user.upn) : entraAddress(user.upn);
    const shown = { address, store, attribution, observed: observedCloud(context, row) };
    cloud.push(await judged(context, user, master, shown));
  }
  const cloudChange = cloudChangeOf(context, user, master, rows[0], cloud[0]);
  const previous = await previousPicture(context, user, rows[0], cloudChange);
  const sharePoint = await joinSharePoint(context, user, master, previous);
  return withKept({
    user,
    master: roster.master(user),
    masterPhoto: master,
    consentWithdrawn: roster.consentWithdrawn(user),
    pinned: roster.pinned(user),
    cloud,
    sharePoint,
    cloudChange,
    storesAgree:
      master === null ? storesAgree(ports.records, cloud[0], sharePoint, roster.formerMasters(user.id)) : null,
    decisions: ports.records.decisionsOf(user.id),
    acceptances: ports.records.acceptances(user.id),
    now: ports.clock.now(),
    policy: context.policy,
  });
}

/** Exchange before Entra for mailbox users, Entra alone for the others; a directory copy that only repeats the mailbox photo says nothing new. */
function byPrecedence(user: DirectoryUser, rows: readonly StoredCloudPhoto[]): readonly StoredCloudPhoto[] {
  const wanted = rows.filter((row) => (user.licences.mailbox ? true : row.store === "entra"));
  return [...wanted].sort((a, b) => (a.store === b.store ? 0 : a.store === "exchange" ? -1 : 1));
}

function observedCloud(context: JoinContext, row: StoredCloudPhoto): ObservedPhoto {
  if (row.kind === "absent") return { kind: "absent" };
  if (row.kind === "unreadable") {
    return {
      kind: "unreadable",
      error: row.error ?? { code: "unreadable", message: "the store did not answer", hint: "Run again." },
    };
  }
  const signature = row.signatureSha === null ? null : context.ports.records.signature(row.signatureSha);
  const { etag, width, height, byteLength } = row;
  return { kind: "present", etag, width, height, byteLength, modifiedAt: null, signature };
}

async function joinSharePoint(
  context: JoinContext,
  user: DirectoryUser,
  master: MasterPhoto | null,
  previous: PreviousPicture | null,
): Promise<ComparedSharePoint> {
  const { records } = context.ports;
  const site = siteOf(context, user);
  const { observed, why, stored, folder, stem, pictureUrl } = site;
  const photo = async (size: ThumbnailSize): Promise<ComparedPhoto> => {
    const file = stored.find((one) => one.file.size === size);
    const absent: ObservedPhoto = observed ? { kind: "absent" } : { kind: "not-applicable", why };
    const seen = observed && file !== undefined ? observedFile(context, file) : absent;
    const address = thumbnailAddress(user.upn, size);
    const found = await judged(context, user, master, {
      address,
      store: "sharepoint",
      attribution: null,
      observed: seen,
    });
    return { ...found, showsPrevious: previous !== null && showsPrevious(previous, found) };
  };
  const large = await photo("L");
  const photos = { S: retouchedLike(large, await photo("S")), M: retouchedLike(large, await photo("M")), L: large };
  const unfinished = observed ? unfinishedRepair(records.unfinishedWrites(user.id), photos) : null;
  const profile: ObservedProfile = observed ? site.profile : { kind: "not-applicable", why };
  const furtherFiles = (context.roster.consentWithdrawn(user) ? context.places?.besides(user, stored) : null) ?? [];
  const common = { observed, photos, profile, folder, stem, pictureUrl, unfinished, furtherFiles };
  return site.elsewhere === null || !user.licences.sharePoint ? common : { ...common, elsewhere: site.elsewhere };
}

function retouchedLike(large: ComparedPhoto, photo: ComparedPhoto): ComparedPhoto {
  const verdict = likeLarge(large.verdict, photo.verdict);
  return verdict === photo.verdict ? photo : { ...photo, verdict, identity: large.identity };
}

/** Where a user's pictures stand in SharePoint, and whether this run looked there. */
interface Site extends Omit<StoredPlace, "files"> {
  readonly observed: boolean;
  /** Why it was not looked at, where it was not. */
  readonly why: string;
  readonly pictureUrl: string;
  readonly profile: ObservedProfile;
  /** The My Site host of another geography where the pictures live, or null. */
  readonly elsewhere: string | null;
}

function siteOf({ places, ports, roster }: JoinContext, user: DirectoryUser): Site {
  const licensed = user.licences.sharePoint;
  const place = places?.of(user) ?? { folder: "", stem: "", stored: [] };
  const pictureUrl = pictureUrlOf(places?.pictureOrigin ?? "", place.folder, place.stem);
  const profile = places === null ? null : (ports.records.profile(user.id)?.profile ?? null);
  const elsewhere = elsewhereOf(profile, pictureUrl, place.stored.length > 0);
  return {
    ...place,
    observed: places !== null && elsewhere === null && (licensed || roster.consentWithdrawn(user)),
    why: notLookedAt(licensed, elsewhere),
    pictureUrl,
    profile: profile ?? { kind: "not-read" },
    elsewhere,
  };
}

function notLookedAt(licensed: boolean, elsewhere: string | null): string {
  if (!licensed) return "no SharePoint licence";
  return elsewhere === null ? "SharePoint was not looked at" : `the user's pictures live on ${elsewhere}`;
}

/** The My Site host of another geography where the user's pictures live, or null. */
function elsewhereOf(profile: ObservedProfile | null, expectedUrl: string, hasFiles: boolean): string | null {
  if (profile?.kind !== "present") return null;
  const { pictureUrl, personalSiteHost = null } = profile;
  const site = siteOfPicture({ pictureUrl, personalSiteHost, expectedUrl, hasFiles });
  return site.kind === "elsewhere" ? site.host : null;
}

function observedFile(context: JoinContext, stored: StoredLibraryFile): ObservedPhoto {
  if (stored.error !== null) return { kind: "unreadable", error: stored.error };
  const signature = stored.signatureSha === null ? null : context.ports.records.signature(stored.signatureSha);
  return {
    kind: "present",
    etag: stored.file.etag,
    width: signature?.width ?? null,
    height: signature?.height ?? null,
    byteLength: stored.file.length,
    modifiedAt: stored.file.modifiedAt,
    signature,
  };
}

async function judged(
  context: JoinContext,
  user: DirectoryUser,
  master: MasterPhoto | null,
  shown: Pick<ComparedPhoto, "address" | "store" | "attribution" | "observed">,
): Promise<ComparedPhoto> {
  const { records } = context.ports;
  const { address, observed } = shown;
  const slot = slotOf(address) ?? address;
  const signature = observed.kind === "present" ? observed.signature : null;
  const lastApplied = records.lastApplied(user.id, slot);
  const standing = showsLastApplied({ lastApplied, observed }) ? (lastApplied?.masterSha256 ?? null) : null;
  const history = { former: context.roster.formerMasters(user.id), standing };
  const verdict = signature === null ? null : await verdictOf(context, master, signature, history);
  return {
    ...shown,
    verdict,
    identity: signature === null ? null : await shownInstead(context, user, signature, verdict),
    lastApplied,
    accepted: false,
    showsPrevious: false,
  };
}

/** With a master: against it. Without one: only whether it is a placeholder. */
async function verdictOf(
  context: JoinContext,
  master: MasterPhoto | null,
  signature: PhotoSignature,
  history: PictureHistory,
): Promise<PhotoVerdict | null> {
  if (master?.kind === "usable") return context.judge.verdict(master, signature, history);
  if (!looksLikePlaceholder(signature)) return null;
  return {
    kind: "placeholder",
    upscaled: false,
    distorted: false,
    evidence: {
      identical: false,
      framing: null,
      hashBits: null,
      hp32: null,
      hp64: null,
      hp32Flipped: null,
      registration: null,
      detailRatio: null,
      placeholderScore: signature.placeholderScore,
    },
    thresholds: "placeholder",
  };
}

/** Only of pictures that are not the master's. A recoloured master may be an older version of it, and nobody else's. */
async function shownInstead(
  context: JoinContext,
  user: DirectoryUser,
  signature: PhotoSignature,
  verdict: PhotoVerdict | null,
): Promise<PhotoIdentity | null> {
  if (verdict?.kind === "same") return null;
  if (verdict?.evidence.older !== undefined) return { kind: "own-retired", sha256: verdict.evidence.older };
  const identity = await identityOf(context, user, signature);
  return verdict?.kind === "recoloured" && identity.kind !== "own-retired" ? null : identity;
}
