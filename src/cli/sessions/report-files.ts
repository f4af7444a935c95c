import { extensionOf, REPORT_FORMATS, type ReportFormat } from "../../model/formats.js";

/** How the program names a report that nobody named: `photodrift-nightly-<run>.html`. @param names of the schedule, where there is one, and of the run */
export function reportFileName(format: ReportFormat, ...names: readonly string[]): string {
  return `photodrift-${names.join("-")}.${extensionOf(format)}`;
}

const OWN_NAME = new RegExp(`^photodrift-.+\\.(?:${REPORT_FORMATS.map(extensionOf).join("|")})$`);

/** True of a name that `reportFileName` can have made: only such files are removed with their run. */
export function isOwnReport(name: string): boolean {
  return OWN_NAME.test(name);
}
