import { createHash } from "node:crypto";
import type { SandboxState } from "../state.js";
import type { LibraryItem, SandboxUser, StoredPhoto } from "../tenant.js";

interface PhotoDump {
  readonly etag: string;
  readonly modifiedAt: string;
  readonly sha256?: string;
  readonly width?: number;
  readonly height?: number;
  readonly bytes?: number;
}

/**
 * The tenant as tests see it: users with the etags and (unless `hashes` is false: images are made on demand) the digests of their photos,
 * profiles, the library, policy and faults. `only` keeps one user.
 */
export async function dumpState(state: SandboxState, hashes: boolean, only: string | null): Promise<object> {
  const { tenant } = state;
  const users: object[] = [];
  for (const user of tenant.users.values()) {
    if (only !== null && user.upn.toLowerCase() !== only && user.id !== only) continue;
    users.push(await dumpUser(user, hashes));
  }
  // By path: where a picture was overwritten, the library's own order tells who came last, and two ways to one end differ.
  const library: (PhotoDump & Readonly<Pick<LibraryItem, "id" | "uniqueId" | "version"> & { path: string }>)[] = [];
  for (const item of only === null ? tenant.library.items.values() : []) {
    const path = `${item.folder}/${item.name}`;
    library.push({
      path,
      id: item.id,
      uniqueId: item.uniqueId,
      version: item.version,
      ...(await dumpPhoto(item.photo, hashes)),
    });
  }
  library.sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    tenant: { id: tenant.id, name: tenant.name, domain: tenant.domain, now: new Date(tenant.now()).toISOString() },
    users,
    library,
    libraryTitle: tenant.library.title,
    folders: tenant.library.folders,
    switches: tenant.switches,
    services: state.services,
    faults: state.faults.list(),
    roles: tenant.app.roles,
    mails: state.mails.length,
  };
}

async function dumpUser(user: SandboxUser, hashes: boolean): Promise<object> {
  return {
    id: user.id,
    upn: user.upn,
    displayName: user.displayName,
    userType: user.userType,
    accountEnabled: user.accountEnabled,
    deleted: user.deletedAt !== null,
    hasMailbox: user.hasMailbox,
    licences: user.assignedLicenses.map((licence) => licence.skuId),
    entra: user.entraPhoto && (await dumpPhoto(user.entraPhoto, hashes)),
    exchange: user.mailboxPhoto && (await dumpPhoto(user.mailboxPhoto, hashes)),
    profile: user.profile,
  };
}

async function dumpPhoto(photo: StoredPhoto, hashes: boolean): Promise<PhotoDump> {
  const { etag } = photo;
  const modifiedAt = new Date(photo.modifiedAt).toISOString();
  if (!hashes) return { etag, modifiedAt };
  const { bytes, width, height } = await photo.image();
  return {
    etag,
    modifiedAt,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    width,
    height,
    bytes: bytes.length,
  };
}
