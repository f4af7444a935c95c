/** Formats of results, in the order in which help and messages name them. */
export const REPORT_FORMATS = ["text", "json", "csv", "md", "html"] as const;
/** A format of reports and lists. */
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** How a file of this format ends, without the dot. */
export function extensionOf(format: ReportFormat): string {
  return format === "text" ? "txt" : format;
}
