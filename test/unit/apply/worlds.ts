import { FakeTenant, urlOf, type FakePerson } from "../../support/tenant/fake-tenant.js";

/** A tenant with every kind of repair in it, and people with whom nothing is wrong. */
export function mixedTenant(copies = 1): FakeTenant {
  const tenant = new FakeTenant();
  for (let copy = 0; copy < copies; copy++) {
    const at = (name: string) => `${name}${copies === 1 ? "" : String(copy)}@contoso.com`;
    const right = (upn: string): Partial<FakePerson["profile"]> => ({
      PictureURL: urlOf(upn),
      "SPS-PicturePlaceholderState": "0",
      "SPS-PictureExchangeSyncState": "0",
      "SPS-PictureTimestamp": "63799442436",
    });
    const set = (shows: string) => ({
      S: tenant.file(shows, 48),
      M: tenant.file(shows, 72),
      L: tenant.file(shows, 200),
    });
    const none = { S: null, M: null, L: null };
    const add = (name: string, part: (upn: string, master: string) => Parameters<FakeTenant["add"]>[1]) => {
      const upn = at(name);
      tenant.add(upn, part(upn, `face-${upn}`));
    };
    add("fine", (upn, m) => ({ master: m, cloud: tenant.photo(m), files: set(m), profile: right(upn) }));
    add("empty", (_, m) => ({ master: m, files: none }));
    add("stale-cloud", (upn, m) => ({ master: m, cloud: tenant.photo("old"), files: set(m), profile: right(upn) }));
    add("stale-all", (upn, m) => ({ master: m, cloud: tenant.photo("old"), files: set("old"), profile: right(upn) }));
    add("one-stale", (upn, m) => ({
      master: m,
      cloud: tenant.photo(m),
      files: { ...set(m), M: tenant.file("old", 72) },
      profile: right(upn),
    }));
    add("no-s", (upn, m) => ({
      master: m,
      cloud: tenant.photo(m),
      files: { ...set(m), S: null },
      profile: right(upn),
    }));
    add("small", (upn, m) => ({ master: m, cloud: tenant.photo(m, 96), files: set(m), profile: right(upn) }));
    add("hidden", (upn, m) => ({
      master: m,
      cloud: tenant.photo(m),
      files: set(m),
      profile: { ...right(upn), "SPS-PicturePlaceholderState": "1" },
    }));
    add("firstline", (_, m) => ({ master: m, mailbox: false, files: none }));
    add("nobody", () => ({ master: null, cloud: tenant.photo("someone"), files: none }));
  }
  return tenant;
}
