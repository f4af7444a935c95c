import type { FleetReport } from "../../model/fleet-report.js";
import type { ReportFormat } from "../../model/formats.js";
import { FORMATS } from "../formats/table.js";
import { fleetPage } from "./page.js";
import { FLEET_COLUMNS, fleetRow, fleetText } from "./text.js";

/** The fleet in one of the formats; those that have no form of their own for it get a table of tenants. */
export function renderFleetReport(report: FleetReport, format: ReportFormat): Iterable<string> {
  switch (format) {
    case "text":
      return fleetText(report);
    case "html":
      return fleetPage(report);
    case "json":
      return [`${JSON.stringify(report, null, 2)}\n`];
    default:
      return FORMATS[format].table({
        title: "Fleet",
        columns: FLEET_COLUMNS,
        rows: report.tenants.map(fleetRow),
      });
  }
}
