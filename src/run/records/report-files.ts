/** Report files that this program named itself. */
export interface ReportFileRecords {
  /** Notes a report that this program named itself, before it is written. `path` is absolute. */
  saveReportFile(runId: string, path: string): void;
  /** Report files of runs that are no longer kept. */
  reportFilesLeft(): readonly string[];
  forgetReportFile(path: string): void;
}
