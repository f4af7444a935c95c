import { canonicalPictureUrl, stemOfPictureUrl } from "../model/picture-url.js";

export { canonicalPictureUrl, stemOfPictureUrl };

/** The folder (server-relative, lower case) that a PictureURL into the User Photos library names, or null. */
export function folderOfPictureUrl(url: string): string | null {
  const match = /(\/user photos\/[^/]+)\/[^/]+_[sml]thumb\.jpg$/.exec(canonicalPictureUrl(url));
  return match?.[1] ?? null;
}
