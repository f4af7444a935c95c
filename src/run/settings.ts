import type { AuditRecords } from "./records.js";
import type {
  Clock,
  CloudPhotoReader,
  DirectoryReader,
  ImageReader,
  MasterSource,
  Meter,
  Progress,
  SharePointReader,
} from "./ports.js";
import type { StoreName } from "../model/address.js";
import type { PolicyConfig, ScopeConfig, SharePointConfig, SourceConfig } from "../model/config.js";
import type { RuleId } from "../model/rule.js";
import type { RunMode, RunTrigger } from "../model/run.js";

/** Everything an audit reads with. There is no writer among it: an audit cannot write. */
export interface AuditPorts {
  readonly directory: DirectoryReader;
  readonly cloudPhotos: CloudPhotoReader;
  readonly sharePoint: SharePointReader;
  readonly source: MasterSource;
  readonly images: ImageReader;
  readonly records: AuditRecords;
  readonly clock: Clock;
  readonly meter: Meter;
  readonly progress: Progress;
}

/** What one step needs of an audit's ports: some of them, and no more of the records than it names. */
export type PortsOf<K extends Exclude<keyof AuditPorts, "records">, Records> = Pick<AuditPorts, K> & {
  readonly records: Records;
};

/** All that an audit is told, checked before: sides in pixels, times in milliseconds, shares in percent. */
export interface AuditSettings {
  readonly tenant: string;
  /** Origin of PictureURL values where SharePoint does not say it itself, e.g. https://contoso-my.sharepoint.com:443. */
  readonly pictureOrigin: string;
  readonly mode: RunMode;
  readonly trigger: RunTrigger;
  readonly scope: ScopeConfig;
  readonly policy: PolicyConfig;
  readonly sharePoint: SharePointConfig;
  readonly source: Pick<SourceConfig, "folder" | "patterns" | "domain">;
  readonly maxChangePercent: number;
  readonly keepRuns: number;
  /** --user, --group, --rule, --store; empty: no filter. */
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly rules: readonly RuleId[];
  readonly stores: readonly StoreName[];
  /** The flags among these as they are told, without people: `--store entra`, `--user`. */
  readonly narrowedTo?: readonly string[];
  /** Trust no cached etag; read every image again. */
  readonly full: boolean;
  /** Of the directory and the folder only what concerns the users that are asked for is read; everybody else is taken as the last run found them. */
  readonly othersAsKnown?: boolean;
  readonly signal: AbortSignal | null;
}

export function looksAt(settings: AuditSettings, store: StoreName): boolean {
  return settings.stores.length === 0 || settings.stores.includes(store);
}

/** A run over chosen users or groups says nothing about the others, nor about files and orphans. */
export function isNarrowed(settings: AuditSettings): boolean {
  return settings.users.length > 0 || settings.groups.length > 0;
}

export function stopWhenAborted(settings: AuditSettings): void {
  settings.signal?.throwIfAborted();
}
