import { keepItem, LIBRARY_ROOT } from "../library.js";
import { imageOf } from "../pictures.js";
import type { Random } from "../random.js";
import type { LibraryItem, SandboxProfile, SandboxUser, StoredPhoto, Tenant } from "../tenant.js";
import { hasMailboxLicence, SIZES, type Member, type Shown, type Size } from "./member.js";
import type { ProfileSettings } from "./profiles.js";
import { licencesFor, subscribedSkus } from "./skus.js";

/** Seconds between 0001-01-01 and 1970-01-01 UTC: SPS-PictureTimestamp counts from the former (facts/sharepoint.md section 2). */
const SECONDS_TO_1970 = 62_135_596_800;

/** Thumbnails that belong to nobody any more. */
export interface Orphan {
  readonly stem: string;
  readonly folder: string;
  readonly thumbnails: Readonly<Record<Size, Shown>>;
  readonly changedAt: number;
}

/** Etags as Graph writes them, eight hexadecimal digits; a new one at every call (multiplication by an odd number is one to one). */
function etagSource(seed: number): () => string {
  let made = seed >>> 0;
  return () => (Math.imul(++made, 0x9e3779b1) >>> 0).toString(16).toUpperCase().padStart(8, "0");
}

function pictureUrlOf(member: Member, name: string): string {
  const { folder, stem } = member;
  switch (member.pictureUrl) {
    case "empty":
      return "";
    case "own":
      return `https://${name}-my.sharepoint.com:443/User%20Photos/${encodeURIComponent(folder)}/${stem}_MThumb.jpg`;
    case "own-plain":
      return `https://${name}-my.sharepoint.com/User Photos/${folder}/${stem}_MThumb.jpg`;
    case "own-large":
      return `https://${name}-my.sharepoint.com:443/User%20Photos/${encodeURIComponent(folder)}/${stem}_LThumb.jpg`;
    case "elsewhere":
      return `https://intranet.${name}.example/people/pictures/${stem}.jpg`;
  }
}

function profileOf(member: Member, name: string): SandboxProfile {
  const pictureUrl = pictureUrlOf(member, name);
  return {
    accountName: `i:0#.f|membership|${member.upn.toLowerCase()}`,
    pictureUrl,
    placeholderState: member.placeholderState,
    exchangeSyncState: member.exchangeSyncState,
    timestamp: pictureUrl === "" ? "" : String(Math.floor(member.changedAt / 1000) + SECONDS_TO_1970),
  };
}

function userOf(member: Member, name: string, photoOf: (shown: Shown, at: number) => StoredPhoto): SandboxUser {
  const mailbox = hasMailboxLicence(member);
  const photo = (): StoredPhoto | null => (member.cloud === null ? null : photoOf(member.cloud, member.changedAt));
  const sam = member.upn.split("@")[0] ?? member.upn;
  return {
    id: member.id,
    upn: member.upn,
    displayName: `${member.first} ${member.last}`,
    mail: member.guest ? `${sam.replace(/_northwind\.example#EXT#$/, "")}@northwind.example` : member.upn,
    givenName: member.first,
    surname: member.last,
    employeeId: member.guest ? null : `E${String(10_000 + member.index)}`,
    onPremisesSamAccountName: member.guest ? null : sam.slice(0, 20),
    aliases: [],
    userType: member.guest ? "Guest" : "Member",
    accountEnabled: member.enabled,
    onPremisesSyncEnabled: member.guest || member.index % 3 !== 0 ? null : true,
    createdAt: member.changedAt - 90 * 86_400_000,
    deletedAt: member.deleted ? member.changedAt + 30 * 86_400_000 : null,
    assignedLicenses: licencesFor(member.licence, member.index),
    hasMailbox: mailbox,
    entraPhoto: photo(),
    mailboxPhoto: mailbox ? photo() : null,
    profile: member.guest || member.deleted ? null : profileOf(member, name),
  };
}

export interface TenantParts {
  readonly members: readonly Member[];
  readonly orphans: readonly Orphan[];
  readonly settings: ProfileSettings;
  readonly seed: number;
  readonly random: Random;
}

/** The tenant's state, as the services hold it. Its clock is the real one until somebody moves it. */
export function tenantOf({ members, orphans, settings, seed, random }: TenantParts): Tenant {
  const etag = etagSource(seed);
  const { name } = settings;
  const tenant: Tenant = {
    id: random.guid(),
    name,
    domain: settings.domain,
    now: () => Date.now(),
    users: new Map(),
    byUpn: new Map(),
    groups: new Map(),
    skus: subscribedSkus(),
    app: {
      clientId: random.guid(),
      clientSecret: null,
      certificatePem: "",
      roles: {
        graph: [
          "User.Read.All",
          "GroupMember.Read.All",
          "LicenseAssignment.Read.All",
          "ProfilePhoto.ReadWrite.All",
          "MailboxSettings.Read",
          "PeopleSettings.Read.All",
          "Sites.Read.All",
          "Mail.Send",
        ],
        sharepoint: ["Sites.FullControl.All", "User.ReadWrite.All", "TermStore.ReadWrite.All"],
        exchange: [],
      },
    },
    switches: {
      photoService: settings.photoService,
      noPhoto: "image-not-found",
      photoEtagHeader: true,
      conditionalGet: false,
      missingSize: "resize",
      batchOrder: "shuffled",
      driveVisible: true,
      rateLimitHeaders: true,
      photoUpdateSource: null,
      sharePointPull: true,
      itemFileSize: true,
      peopleManagerQuota: true,
      sharePointResourceUnits: false,
    },
    library: {
      listId: random.guid(),
      title: settings.libraryTitle,
      folders: settings.folders.map((folder) => ({ name: folder, uniqueId: random.guid() })),
      items: new Map(),
      itemsById: new Map(),
      // The folders are items of the list too and come first.
      nextItemId: settings.folders.length + 1,
      lastModifiedAt: 0,
      lastDeletedAt: 0,
      changes: [],
    },
  };
  const photoOf = (shown: Shown, at: number): StoredPhoto => ({
    image: () => imageOf(shown.recipe),
    pixels: shown.recipe,
    etag: etag(),
    modifiedAt: at + (shown.laterBy ?? 0) * 3_600_000,
  });
  const store = (stem: string, folder: string, size: Size, shown: Shown, at: number): void => {
    const { library } = tenant;
    const item: LibraryItem = {
      id: library.nextItemId++,
      uniqueId: random.guid(),
      name: `${stem}_${size}Thumb.jpg`,
      folder: `${LIBRARY_ROOT}/${folder}`,
      photo: photoOf(shown, at),
      length: shown.recipe.length ?? null,
      version: 1,
    };
    keepItem(tenant, item);
    library.lastModifiedAt = Math.max(library.lastModifiedAt, item.photo.modifiedAt);
  };
  for (const member of members) {
    tenant.users.set(member.id, userOf(member, name, photoOf));
    if (!member.deleted) tenant.byUpn.set(member.upn.toLowerCase(), member.id);
    for (const size of SIZES) {
      const shown = member.thumbnails[size];
      if (shown !== null) store(member.stem, member.folder, size, shown, member.changedAt + 5 * 3_600_000);
    }
  }
  for (const orphan of orphans)
    for (const size of SIZES) store(orphan.stem, orphan.folder, size, orphan.thumbnails[size], orphan.changedAt);
  const team = [...tenant.users.values()].filter((user) => user.userType === "Member").slice(0, 12);
  const group = random.guid();
  tenant.groups.set(group, { id: group, displayName: "Front office", members: team.map(({ id }) => id) });
  return tenant;
}
