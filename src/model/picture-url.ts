import type { ObservedProfile } from "./photo.js";

/**
 * PictureURL in one spelling: SharePoint writes `:443` and `%20`, tools write neither; `?t=` is a cache-buster (facts/sharepoint.md 1.5).
 * Decoded, without port and query, lower case. Text that is no URL is returned trimmed and lower case.
 */
export function canonicalPictureUrl(url: string): string {
  const plain = url.trim().replace(/[?#].*$/s, "");
  const match = /^(https?):\/\/([^/:]+)(?::\d+)?(\/.*)?$/i.exec(plain);
  if (match === null) return plain.toLowerCase();
  return `${match[2]}${decoded(match[3] ?? "/")}`.toLowerCase();
}

/** The file stem that a PictureURL into the User Photos library names, lower case, or null for any other URL. */
export function stemOfPictureUrl(url: string): string | null {
  const match = /\/user photos\/[^/]+\/(.+)_[sml]thumb\.jpg$/.exec(canonicalPictureUrl(url));
  return match?.[1] ?? null;
}

/** The stem that the PictureURL of a profile names, or null where it names none or the profile is not there. */
export function stemNamedBy(profile: ObservedProfile | null | undefined): string | null {
  return profile?.kind === "present" ? stemOfPictureUrl(profile.pictureUrl) : null;
}

/** Host of a URL in lower case without port, or null where it is none. */
export function hostOfUrl(url: string): string | null {
  return /^https?:\/\/([^/:?#]+)/i.exec(url.trim())?.[1]?.toLowerCase() ?? null;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
