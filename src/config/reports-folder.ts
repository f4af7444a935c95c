import { dirname, resolve } from "node:path";
import { parseDocument } from "yaml";
import { loadConfig } from "./load.js";
import { readTextFile } from "./read-file.js";

/**
 * Where the runs of a configuration put their reports, absolute. The file may be for another machine, where its `${NAME}`s are set and the
 * files that it names are: what it says of the reports is read all the same, and where it says nothing that can be read, the default counts.
 */
export function reportsFolderOf(file: string, env: NodeJS.ProcessEnv): string {
  try {
    return loadConfig(file, env).reports;
  } catch {
    return resolve(dirname(file), writtenReports(file) ?? "./reports");
  }
}

function writtenReports(file: string): string | null {
  try {
    const reports: unknown = parseDocument(readTextFile(file, "")).get("reports");
    return typeof reports === "string" && !reports.includes("${") ? reports : null;
  } catch {
    return null;
  }
}
