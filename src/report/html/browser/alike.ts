import type { Shown } from "./entries.js";

/**
 * Thumbnails with the same finding are told, and decided, together: "SharePoint S, M, L". One that is new, or open, is not told with one that
 * is old, or was decided: what is said of the first would be said of it too.
 */
export function alike(findings: readonly Shown[]): readonly (readonly Shown[])[] {
  const blocks = new Map<string, Shown[]>();
  for (const finding of findings) {
    const key = finding.address.endsWith("Thumb")
      ? JSON.stringify([
          finding.ruleId,
          finding.cause,
          finding.remedy,
          finding.severity,
          finding.fresh,
          finding.ask?.decided ?? null,
        ])
      : `${finding.address} ${finding.ruleId}`;
    const block = blocks.get(key);
    if (block === undefined) blocks.set(key, [finding]);
    else block.push(finding);
  }
  return [...blocks.values()];
}
