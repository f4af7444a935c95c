import type { Tenant } from "../../src/sandbox/tenant.js";
import { graphParts, kindOf } from "./kinds.js";
import type { Asked } from "./wire.js";

/** What an answer is about: everybody's cloud photos, one user's thumbnails, the directory … `upn` null: everybody. */
export interface Subject {
  readonly area: "everything" | "cloud" | "sharepoint";
  readonly upn: string | null;
  /** The one thumbnail of the user, as addresses end (`lthumb`); all that SharePoint has of the user where absent. */
  readonly file?: string;
  /** Tells one subject of a write from another. */
  readonly key: string;
}

const EVERYTHING: readonly Subject[] = [{ area: "everything", upn: null, key: "everything" }];
const SHAREPOINT: readonly Subject[] = [{ area: "sharepoint", upn: null, key: "sharepoint" }];
const NOTHING: readonly Subject[] = [];

/** The subjects of a request, one for each part of a batch, in the order of the parts. */
export function subjectsOf(asked: Asked, tenant: Tenant): readonly Subject[] {
  const kind = kindOf(asked);
  switch (kind) {
    case "metadata":
    case "renditions":
    case "photo-write":
      return photoSubjects(asked, tenant);
    case "library":
    case "folders":
    case "items":
      return SHAREPOINT;
    case "file-look":
    case "download":
    case "file-write":
      return fileSubjects(asked, tenant);
    case "profiles":
    case "profile-look":
    case "property-write":
      return profileSubjects(asked);
    case "token":
      return tokenSubjects(asked);
    case "policy":
    case "other":
      return NOTHING;
    default:
      return EVERYTHING;
  }
}

/** A token opens one host: everything rests on that of Graph, only SharePoint on those of its hosts. */
function tokenSubjects({ opens }: Asked): readonly Subject[] {
  const area = opens?.startsWith("sharepoint") === true ? "sharepoint" : "everything";
  return [{ area, upn: null, key: `token:${opens ?? ""}` }];
}

function photoSubjects(asked: Asked, tenant: Tenant): readonly Subject[] {
  const urls = asked.path.endsWith("/$batch") ? graphParts(asked).map(({ url }) => url) : [asked.path];
  return urls.map((url) => {
    const id = /\/users\/([^/]+)\//.exec(decodeURIComponent(url))?.[1]?.toLowerCase() ?? "";
    return { area: "cloud", upn: tenant.users.get(id)?.upn.toLowerCase() ?? null, key: `photo:${id}` };
  });
}

function fileSubjects(asked: Asked, tenant: Tenant): readonly Subject[] {
  if (asked.path.endsWith("/$batch")) {
    const names = [...decoded(asked.body.toString("utf8")).matchAll(/([^/'"=]+_[sml]thumb\.jpg)/gi)];
    return names.map(([, name = ""]) => fileSubject(name.toLowerCase(), tenant));
  }
  const id = /getfilebyid\('([^']+)'\)/.exec(asked.path)?.[1];
  const item =
    id === undefined ? undefined : [...tenant.library.items.values()].find(({ uniqueId }) => uniqueId === id);
  const named = item?.name.toLowerCase() ?? /([^/'"=]+_[sml]thumb\.jpg)/.exec(asked.path)?.[1] ?? "";
  return [fileSubject(named, tenant)];
}

function fileSubject(named: string, tenant: Tenant): Subject {
  const size = /_([sml]thumb)\.jpg$/.exec(named)?.[1];
  const upn = ownerOf(named, tenant);
  return { area: "sharepoint", upn, key: `file:${named}`, ...(size === undefined ? {} : { file: size }) };
}

function ownerOf(file: string, tenant: Tenant): string | null {
  const stem = file.replace(/_[sml]thumb\.jpg$/, "");
  for (const user of tenant.users.values()) {
    const upn = user.upn.toLowerCase();
    if (stem === user.id || stem === upn.replace(/[^a-z0-9]/g, "_")) return upn;
  }
  return null;
}

function profileSubjects(asked: Asked): readonly Subject[] {
  const text = `${asked.path}\n${decoded(asked.target)}\n${decoded(asked.body.toString("utf8"))}`;
  const names = new Set([...text.matchAll(/membership\|([^'"&\s]+)/gi)].map((match) => (match[1] ?? "").toLowerCase()));
  return [...names].map((upn) => ({ area: "sharepoint", upn, key: `profile:${upn}` }));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/%7C/gi, "|").replace(/%40/g, "@").replace(/%27/g, "'");
  }
}
