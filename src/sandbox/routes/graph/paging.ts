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
