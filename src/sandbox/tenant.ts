/**
 * The state of one emulated Microsoft 365 tenant. Plain data plus look-ups; the behaviour of the services over time is in behaviour.ts,
 * the wire formats are in routes/. Nothing here imports from outside src/sandbox.
 */

/** One stored image. Images are shared between users by reference, so 100,000 users fit in memory. */
export interface StoredImage {
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
}

/** A photo at one place with its own etag and time. `image` may be made on demand (large tenants). */
export interface StoredPhoto {
  readonly image: () => Promise<StoredImage>;
  /** Width and height, where they are known without making the image. */
  readonly pixels?: { readonly width: number; readonly height: number };
  /** New on every write, even of identical bytes (facts/peers.md 0.4). */
  etag: string;
  modifiedAt: number;
}

export interface SandboxUser {
  readonly id: string;
  upn: string;
  displayName: string;
  mail: string | null;
  givenName: string | null;
  surname: string | null;
  employeeId: string | null;
  onPremisesSamAccountName: string | null;
  /** Secondary mail addresses; a former UPN stays among them. */
  aliases: string[];
  userType: "Member" | "Guest";
  accountEnabled: boolean;
  onPremisesSyncEnabled: boolean | null;
  createdAt: number;
  deletedAt: number | null;
  /** skuId -> disabled plan ids. */
  assignedLicenses: { skuId: string; disabledPlans: string[] }[];
  /** A mailbox exists (licence alone does not make one: on-premises mailbox, shared mailbox without licence). */
  hasMailbox: boolean;
  /** Photo in the directory (Entra). */
  entraPhoto: StoredPhoto | null;
  /** Photo in the mailbox-side store, served first by Graph where a mailbox exists. */
  mailboxPhoto: StoredPhoto | null;
  profile: SandboxProfile | null;
}

export interface SandboxProfile {
  /** `i:0#.f|membership|upn`, lower case. */
  accountName: string;
  pictureUrl: string;
  placeholderState: string;
  exchangeSyncState: string;
  timestamp: string;
}

/** A file of the User Photos library. */
export interface LibraryItem {
  /** List item id, ascending. */
  readonly id: number;
  readonly uniqueId: string;
  name: string;
  /** Server-relative folder, e.g. `/User Photos/Profile Pictures`. */
  folder: string;
  photo: StoredPhoto;
  /** Known without making the image; null: ask the image. */
  length: number | null;
  version: number;
}

export interface SandboxGroup {
  readonly id: string;
  displayName: string;
  /** ids of users or groups. */
  members: string[];
}

export interface AppRegistration {
  readonly clientId: string;
  clientSecret: string | null;
  /** PEM of the certificate whose key signs assertions. */
  certificatePem: string;
  /** Application roles granted per resource. */
  roles: { graph: string[]; sharepoint: string[]; exchange: string[] };
}

/** Switches: where a wire fact is unknown, both answers can be served. */
export interface SandboxSwitches {
  photoService: "merged" | "split";
  noPhoto: "image-not-found" | "one-by-one";
  photoEtagHeader: boolean;
  conditionalGet: boolean;
  /** A size that is not stored: resized by the service, or 404. */
  missingSize: "resize" | "not-found";
  batchOrder: "shuffled" | "in-order";
  driveVisible: boolean;
  rateLimitHeaders: boolean;
  photoUpdateSource: "cloud" | "onPremises" | null;
  /** SharePoint pulls from Exchange when a user visits. */
  sharePointPull: boolean;
  /** `File_x0020_Size` can be selected on list items: not established (facts/sharepoint.md section 9). */
  itemFileSize: boolean;
  /** PeopleManager's documented quota of calls in five minutes. */
  peopleManagerQuota: boolean;
  /** SharePoint's documented resource units a minute, with 429 beyond; what a REST call costs is not published. */
  sharePointResourceUnits: boolean;
}

export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  /** Virtual clock: milliseconds since 1970 UTC. */
  now: () => number;
  readonly users: Map<string, SandboxUser>;
  /** Lower-case UPN -> id. */
  readonly byUpn: Map<string, string>;
  readonly groups: Map<string, SandboxGroup>;
  readonly skus: { skuId: string; skuPartNumber: string; plans: { id: string; name: string; service: string }[] }[];
  readonly app: AppRegistration;
  readonly switches: SandboxSwitches;
  library: {
    readonly listId: string;
    title: string;
    /** Folders under /User Photos with their unique ids, e.g. `Profile Pictures`, `Profilbilder`. */
    folders: { name: string; uniqueId: string }[];
    /** By lower-case server-relative path. */
    items: Map<string, LibraryItem>;
    /** The same, by unique id. */
    itemsById: Map<string, LibraryItem>;
    nextItemId: number;
    lastModifiedAt: number;
    lastDeletedAt: number;
    changes: { token: number; type: 1 | 2 | 3 | 4; itemId: number; uniqueId: string; at: number }[];
  };
}

export function findUser(tenant: Tenant, idOrUpn: string): SandboxUser | undefined {
  const key = idOrUpn.toLowerCase();
  return tenant.users.get(key) ?? tenant.users.get(tenant.byUpn.get(key) ?? "");
}
