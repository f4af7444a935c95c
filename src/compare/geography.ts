import { canonicalPictureUrl, hostOfUrl } from "../model/picture-url.js";

/** Where a user's PictureURL leads, seen from the My Site host of this tenant. */
export type PictureSite =
  /** To this host, or nowhere. */
  | { readonly kind: "here" }
  /** To the My Site host of another geography of the tenant. */
  | { readonly kind: "elsewhere"; readonly host: string }
  /** To the same file on another host: what a renamed tenant leaves behind. */
  | { readonly kind: "other-host"; readonly host: string };

export interface PictureSigns {
  /** PictureURL as stored, "" when empty. */
  readonly pictureUrl: string;
  /** My Site host that the service names in the profile, null where it names none. */
  readonly personalSiteHost: string | null;
  /** PictureURL as it would be here: SharePoint's own address, folder and stem of the user. */
  readonly expectedUrl: string;
  /** Thumbnails of the user are in this library. */
  readonly hasFiles: boolean;
}

/** Preferred data locations: Microsoft appends one to the tenant's name for the hosts of a satellite geography (learn.microsoft.com/microsoft-365/enterprise/multi-geo-tenant-configuration). */
const GEOGRAPHIES =
  /^(?:apc|are|aus|aut|bel|bra|can|che|chl|deu|dnk|esp|eur|fra|gbr|idn|ind|isr|ita|jpn|kor|lam|mex|mys|nam|nor|nzl|phl|pol|qat|swe|twn|zaf)$/;

/**
 * Tells another geography from a former name of the tenant. The service's own word for the user's host decides where there is one; else the
 * name: a geography is the tenant's name with a location code. The same file under any other name, with the user's files in this library, is
 * this tenant by a former name. A My Site host that fits neither is left alone as a geography: nothing is written for what lives elsewhere.
 */
export function siteOfPicture(signs: PictureSigns): PictureSite {
  const { pictureUrl, personalSiteHost, expectedUrl } = signs;
  const own = hostOfUrl(expectedUrl) ?? "";
  const home = personalSiteHost !== null && isSibling(own, personalSiteHost) ? personalSiteHost : null;
  if (home !== null && isGeographyOf(own, home)) return { kind: "elsewhere", host: home };
  const host = hostOfUrl(pictureUrl);
  if (host === null || host === own || host === personalSiteHost) {
    return home === null || host !== home ? { kind: "here" } : { kind: "elsewhere", host: home };
  }
  return siteOfOtherHost(own, host, signs);
}

/** @param own My Site host of this tenant. @param host another one, which PictureURL names and the service does not. */
function siteOfOtherHost(own: string, host: string, signs: PictureSigns): PictureSite {
  const { pictureUrl, personalSiteHost, expectedUrl, hasFiles } = signs;
  if (isGeographyOf(own, host)) return { kind: "elsewhere", host };
  const isKnownHere = personalSiteHost === own || hasFiles;
  const sibling = isSibling(own, host);
  if (pathOf(pictureUrl) === pathOf(expectedUrl) && (isKnownHere || !sibling)) return { kind: "other-host", host };
  return sibling && !isKnownHere ? { kind: "elsewhere", host } : { kind: "here" };
}

interface MySite {
  readonly name: string;
  readonly domain: string;
}

/** `contoso-my.sharepoint.com` taken to pieces; null for a host of any other form. */
function mySiteOf(host: string): MySite | null {
  const match = /^([a-z0-9-]+)-my\.(.+)$/.exec(host);
  return match === null ? null : { name: match[1] ?? "", domain: match[2] ?? "" };
}

/** Another My Site host of the same cloud. */
function isSibling(own: string, host: string): boolean {
  const [here, there] = [mySiteOf(own), mySiteOf(host)];
  return here !== null && there !== null && here.domain === there.domain && here.name !== there.name;
}

function isGeographyOf(own: string, host: string): boolean {
  const [here, there] = [mySiteOf(own), mySiteOf(host)];
  if (here === null || there?.domain !== here.domain) return false;
  const [short, long] = here.name.length < there.name.length ? [here.name, there.name] : [there.name, here.name];
  return long.startsWith(short) && GEOGRAPHIES.test(long.slice(short.length).replace(/^-/, ""));
}

function pathOf(url: string): string {
  return canonicalPictureUrl(url).replace(/^[^/]+/, "");
}
