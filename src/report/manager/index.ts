import type { ReportSource } from "../../model/report.js";
import { managerPage } from "./page.js";
import { managerMarkdown, managerText } from "./text.js";

/** Formats in which a manager's page is given: it is for people, programs read the JSON report. */
export const MANAGER_FORMATS = ["text", "md", "html"] as const;
export type ManagerFormat = (typeof MANAGER_FORMATS)[number];

/** The page for a manager: figures of a run on one printed page, without the name of anybody. @param width columns of a terminal */
export function renderManagerReport(source: ReportSource, format: ManagerFormat, width: number): Iterable<string> {
  switch (format) {
    case "text":
      return managerText(source, Math.min(100, Math.max(60, width)));
    case "md":
      return managerMarkdown(source);
    case "html":
      return managerPage(source);
  }
}
