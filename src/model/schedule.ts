import type { StoreName } from "./address.js";
import type { NotifyConfig } from "./notify.js";
import type { ReportFormat } from "./formats.js";
import type { RuleId } from "./rule.js";

/** One file of `schedules/`, checked, with defaults filled in and paths absolute. */
export interface Schedule {
  /** Unique in the folder; the key of every record. */
  readonly name: string;
  /** The file it was read from, absolute. */
  readonly file: string;
  /** The tenant's `photodrift.yaml`, absolute. */
  readonly config: string;
  /** Five or six fields, or a word such as `@daily`. */
  readonly cron: string;
  /** IANA name. */
  readonly timezone: string;
  readonly mode: "audit" | "apply";
  /** Filters of the run; empty: no filter. */
  readonly stores: readonly StoreName[];
  readonly rules: readonly RuleId[];
  readonly users: readonly string[];
  readonly groups: readonly string[];
  /** Trust no cached etag. */
  readonly full: boolean;
  readonly suspend: boolean;
  /** Milliseconds by which a start may be put off; the same schedule is always put off by the same share. */
  readonly jitterMs: number;
  /** Reports that are written after each run. */
  readonly formats: readonly ReportFormat[];
  /** Null: as the tenant's config says. */
  readonly notify: readonly NotifyConfig[] | null;
  /** Host names the schedule runs on, lower case; empty: everywhere. */
  readonly onlyOn: readonly string[];
}
