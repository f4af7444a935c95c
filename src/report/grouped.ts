/** Summaries of several thumbnails of one user told as one; shared with the page's own program. */

/** What stands before, size, and what is said of a thumbnail. */
const OF_THUMBNAIL = /^(.*?)SharePoint's ([SML]) thumbnail (.+)$/s;

/**
 * One text of the summaries of findings that are alike: `Each of SharePoint's L, M and S thumbnails shows …`. Summaries that are no
 * thumbnail's stand as they are, each once.
 */
export function groupedSentence(summaries: readonly string[]): string {
  const alike = new Map<string, { readonly before: string; readonly rest: string; readonly sizes: string[] }>();
  for (const summary of summaries) {
    const [, before = "", size = "", rest = summary] = OF_THUMBNAIL.exec(summary) ?? [];
    const known = alike.get(`${before}|${rest}`) ?? { before, rest, sizes: [] };
    alike.set(`${before}|${rest}`, known);
    if (size !== "" && !known.sizes.includes(size)) known.sizes.push(size);
  }
  const sentences = [...alike.values()].map(({ before, rest, sizes }) => {
    if (sizes.length === 0) return rest;
    if (sizes.length === 1) return `${before}SharePoint's ${sizes[0] ?? ""} thumbnail ${rest}`;
    return `${before}${before === "" ? "Each" : "each"} of SharePoint's ${listed(sizes)} thumbnails ${rest}`;
  });
  return sentences.join(" ");
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? "") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1) ?? ""}`;
}
