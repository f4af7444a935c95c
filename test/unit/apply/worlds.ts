import { FakeTenant, urlOf, type FakePerson } from "../../support/tenant/fake-tenant.js";

type Part = NonNullable<Parameters<FakeTenant["add"]>[1]>;

/** The three thumbnails of one picture, in their sizes. */
export function thumbnails(tenant: FakeTenant, shows: string): FakePerson["files"] {
  return { S: tenant.file(shows, 48), M: tenant.file(shows, 72), L: tenant.file(shows, 200) };
}

/** Somebody whose photo and thumbnails show one picture, with a profile that names them, but for the parts given. */
export function shown(tenant: FakeTenant, upn: string, shows: string, part: Part = {}): Part {
  const profile = {
    PictureURL: urlOf(upn),
    "SPS-PicturePlaceholderState": "0",
    "SPS-PictureExchangeSyncState": "0",
    "SPS-PictureTimestamp": "63799442436",
  };
  return { cloud: tenant.photo(shows), files: thumbnails(tenant, shows), profile, ...part };
}

/** A tenant with every kind of repair in it, and people with whom nothing is wrong. */
export function mixedTenant(copies = 1): FakeTenant {
  const tenant = new FakeTenant();
  for (let copy = 0; copy < copies; copy++) {
    const at = (name: string) => `${name}${copies === 1 ? "" : String(copy)}@contoso.com`;
    const none = { S: null, M: null, L: null };
    const add = (name: string, part: (upn: string, master: string) => Part) => {
      const upn = at(name);
      tenant.add(upn, part(upn, `face-${upn}`));
    };
    add("fine", (upn, m) => shown(tenant, upn, m, { master: m }));
    add("empty", (_, m) => ({ master: m, files: none }));
    add("stale-cloud", (upn, m) => shown(tenant, upn, m, { master: m, cloud: tenant.photo("old") }));
    add("stale-all", (upn, m) => shown(tenant, upn, "old", { master: m }));
    add("one-stale", (upn, m) =>
      shown(tenant, upn, m, { master: m, files: { ...thumbnails(tenant, m), M: tenant.file("old", 72) } }),
    );
    add("no-s", (upn, m) => shown(tenant, upn, m, { master: m, files: { ...thumbnails(tenant, m), S: null } }));
    add("small", (upn, m) => shown(tenant, upn, m, { master: m, cloud: tenant.photo(m, 96) }));
    add("hidden", (upn, m) => {
      const { profile, ...rest } = shown(tenant, upn, m, { master: m });
      return { ...rest, profile: { ...profile, "SPS-PicturePlaceholderState": "1" } };
    });
    add("firstline", (_, m) => ({ master: m, mailbox: false, files: none }));
    add("nobody", () => ({ master: null, cloud: tenant.photo("someone"), files: none }));
  }
  return tenant;
}
