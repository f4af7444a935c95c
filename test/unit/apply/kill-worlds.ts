import type { RuleId } from "../../../src/model/rule.js";
import { FakeTenant, urlOf, type FakePerson } from "../../support/tenant/fake-tenant.js";

/** What is being done when the program ends, over a small tenant of its own. Two users each, so that there is a time between users. */
export interface KillScenario {
  readonly name: string;
  readonly world: () => FakeTenant;
  /** --rule of the run; none: what policy.autoApply repairs. */
  readonly rules?: readonly RuleId[];
  /** Completed before: 1 = the apply itself, and its undo is what is cut off; 2 = the undo, too, and its undo is cut off. */
  readonly done?: 1 | 2;
}

type Files = FakePerson["files"];

function filesOf(tenant: FakeTenant, shows: string): Files {
  return { S: tenant.file(shows, 48), M: tenant.file(shows, 72), L: tenant.file(shows, 200) };
}

function pair(build: (tenant: FakeTenant, name: string) => void): () => FakeTenant {
  return () => {
    const tenant = new FakeTenant();
    for (const name of ["anna", "bert"]) build(tenant, name);
    return tenant;
  };
}

function shown(upn: string, part: Partial<FakePerson["profile"]> = {}): Partial<FakePerson["profile"]> {
  return {
    PictureURL: urlOf(upn),
    "SPS-PicturePlaceholderState": "",
    "SPS-PictureExchangeSyncState": "1",
    "SPS-PictureTimestamp": "63799442436",
    ...part,
  };
}

/** No photo anywhere; anna has a mailbox, bert has none. */
const firstSet = pair((tenant, name) => {
  tenant.add(`${name}@contoso.com`, { master: name, mailbox: name === "anna" });
});

/** Another picture everywhere, and a profile that hides anna's. */
const stale = pair((tenant, name) => {
  const upn = `${name}@contoso.com`;
  const hidden = { "SPS-PicturePlaceholderState": name === "anna" ? "1" : "" };
  tenant.add(upn, {
    master: name,
    cloud: tenant.photo(`old ${name}`),
    files: filesOf(tenant, `old ${name}`),
    profile: shown(upn, hidden),
  });
});

/** Half of the thumbnails are there. */
const gaps = pair((tenant, name) => {
  const upn = `${name}@contoso.com`;
  const files = { ...filesOf(tenant, name), ...(name === "anna" ? { S: null } : { L: null, M: null }) };
  tenant.add(upn, { master: name, cloud: tenant.photo(name), files, profile: shown(upn) });
});

/** Right pictures that the profile hides or does not name. */
const hidden = pair((tenant, name) => {
  const upn = `${name}@contoso.com`;
  const profile = shown(
    upn,
    name === "anna" ? { "SPS-PicturePlaceholderState": "1", PictureURL: "" } : { PictureURL: "" },
  );
  tenant.add(upn, { master: name, cloud: tenant.photo(name), files: filesOf(tenant, name), profile });
});

const consent = pair((tenant, name) => {
  const upn = `nein-${name}@contoso.com`;
  tenant.add(upn, { cloud: tenant.photo(name), files: filesOf(tenant, name), profile: shown(upn) });
});

/** Files of two people who left, beside one who stayed: a directory without any user is not believed. */
const orphans = pair((tenant, name) => {
  const upn = `stays-${name}@contoso.com`;
  if (name === "anna")
    tenant.add(upn, { master: name, cloud: tenant.photo(name), files: filesOf(tenant, name), profile: shown(upn) });
  tenant.add(`${name}@contoso.com`, { left: true, files: filesOf(tenant, name) });
});

/** No master; SharePoint shows another picture than the cloud, whose photo is copied. */
const copies = pair((tenant, name) => {
  const upn = `${name}@contoso.com`;
  tenant.add(upn, { cloud: tenant.photo(name), files: filesOf(tenant, `old ${name}`), profile: shown(upn) });
});

export const KILL_SCENARIOS: readonly KillScenario[] = [
  { name: "first photos", world: firstSet },
  { name: "other photos", world: stale },
  { name: "missing thumbnails", world: gaps },
  { name: "hidden by the profile", world: hidden },
  { name: "consent withdrawn", world: consent, rules: ["consent-withdrawn"] },
  { name: "orphans", world: orphans, rules: ["orphan-thumbnail"] },
  { name: "copies of the cloud photo", world: copies, rules: ["stores-disagree"] },
  { name: "undo of first photos", world: firstSet, done: 1 },
  { name: "undo of other photos", world: stale, done: 1 },
  { name: "undo of properties", world: hidden, done: 1 },
  { name: "undo of orphans", world: orphans, rules: ["orphan-thumbnail"], done: 1 },
  { name: "undo of the undo", world: firstSet, done: 2 },
];
