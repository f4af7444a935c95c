import { queryOption } from "../../responses.js";

/** Opaque page tokens: what they hold is for the server only, as Graph's own are. */
export function pageToken(content: object): string {
  return Buffer.from(JSON.stringify(content)).toString("base64url");
}

/** The content of a token of ours; null when it was cut, edited or made elsewhere. */
export function readPageToken(token: string): { readonly [key: string]: unknown } | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, "base64url").toString());
    return typeof value === "object" && value !== null ? (value as { [key: string]: unknown }) : null;
  } catch {
    return null;
  }
}

/** The URL of the call with other query options: set, or removed when undefined. `$` stays readable, as in Graph's links. */
export function linkWith(url: URL, changes: { readonly [name: string]: string | undefined }): string {
  const options = new Map<string, string>();
  for (const [name, value] of url.searchParams) options.set(name, value);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) options.delete(name);
    else options.set(name, value);
  }
  const query = [...options].map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll("%2C", ",")}`);
  return `${url.origin}${url.pathname}${query.length > 0 ? `?${query.join("&")}` : ""}`;
}

/** `$top`; null for a size that the service refuses. */
export function pageSizeOf(url: URL, byDefault: number, largest: number): number | null {
  const size = Number(queryOption(url, "$top") ?? byDefault);
  return Number.isInteger(size) && size >= 1 && size <= largest ? size : null;
}

/** Where the page of a `$skiptoken` begins, 0 without one; null for a token of somebody else's. */
export function pageStartOf(url: URL): number | null {
  const token = queryOption(url, "$skiptoken");
  const start = token === undefined ? 0 : Number(readPageToken(token)?.["at"]);
  return Number.isInteger(start) ? start : null;
}
