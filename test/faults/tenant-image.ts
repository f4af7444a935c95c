import { keepItem } from "../../src/sandbox/library.js";
import type { SandboxUser, Tenant } from "../../src/sandbox/tenant.js";

/** What a tenant holds, kept to be put back: users with their photos and profiles, and the library. */
export interface TenantImage {
  restore(): void;
}

/** Copies everything of a live sandbox tenant that a run of the program can change. */
export function imageOf(tenant: Tenant): TenantImage {
  const users = [...tenant.users].map(([id, user]) => [id, copyUser(user)] as const);
  const byUpn = [...tenant.byUpn];
  const { library } = tenant;
  const items = [...library.items.values()].map((item) => ({ ...item, photo: { ...item.photo } }));
  const { nextItemId, lastModifiedAt, lastDeletedAt } = library;
  const changes = library.changes.map((change) => ({ ...change }));
  return {
    restore() {
      tenant.users.clear();
      for (const [id, user] of users) tenant.users.set(id, copyUser(user));
      tenant.byUpn.clear();
      for (const [upn, id] of byUpn) tenant.byUpn.set(upn, id);
      library.items.clear();
      library.itemsById.clear();
      for (const item of items) keepItem(tenant, { ...item, photo: { ...item.photo } });
      Object.assign(library, { nextItemId, lastModifiedAt, lastDeletedAt });
      library.changes = changes.map((change) => ({ ...change }));
    },
  };
}

function copyUser(user: SandboxUser): SandboxUser {
  return {
    ...user,
    assignedLicenses: user.assignedLicenses.map((licence) => ({
      ...licence,
      disabledPlans: [...licence.disabledPlans],
    })),
    entraPhoto: user.entraPhoto && { ...user.entraPhoto },
    mailboxPhoto: user.mailboxPhoto && { ...user.mailboxPhoto },
    profile: user.profile && { ...user.profile },
  };
}
