import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { createImageReader, createImageRenderer } from "../image/index.js";
import { sharePointHost } from "../model/clouds.js";
import type { StoreName } from "../model/address.js";
import type { Config } from "../model/config.js";
import type { RuleId } from "../model/rule.js";
import type { RunMode, RunTrigger } from "../model/run.js";
import { RENDITION_SIDE } from "../run/observe-cloud.js";
import type { ImageReader, Progress } from "../run/ports.js";
import type { ImageRenderer } from "../run/renderer-port.js";
import type { AuditPorts, AuditSettings } from "../run/settings.js";
import type { RunIdentity } from "../run/audited.js";
import { createMasterSource } from "../source/index.js";
import { createWorkingCopies, type State } from "../state/index.js";
import { noteRun } from "./terminal/run-scope.js";
import { openTenant, type OpenTenant } from "../stores/index.js";

/** Objects of one command over one configuration. Nothing here can write to the tenant. */
export interface Workbench {
  readonly config: Config;
  readonly state: State;
  readonly tenant: OpenTenant;
  readonly images: ImageReader;
  readonly renderer: ImageRenderer;
  readonly ports: AuditPorts;
  /** The same tenant by other connections, for what is still to be said where the run was told to stop. Whoever opens it closes it. */
  tenantUntil(signal: AbortSignal): OpenTenant;
  /** Closes the connections; the state stays with whoever holds it. */
  close(): Promise<void>;
}

export interface WorkbenchOptions {
  readonly state: State;
  readonly config: Config;
  readonly progress: Progress;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal | null;
  /** Asked before every request to the tenant; rejects where none may leave any more. */
  readonly beforeRequest?: (() => Promise<void>) | null;
  /** Told when a service asks for a pause, in seconds. */
  readonly paused?: ((host: string, seconds: number) => void) | undefined;
  readonly now?: () => number;
}

/** Wires everything an audit needs around a state that is held. Throws PhotodriftError where the CA file cannot be used. */
export function openWorkbench(options: WorkbenchOptions): Workbench {
  const { config, progress, state } = options;
  const clock = { now: options.now ?? Date.now };
  const tenant = openTenantOf(options);
  const copies = createWorkingCopies(config.state);
  const frames = [RENDITION_SIDE, config.stores.sharepoint.thumbnails.L];
  const images = createImageReader({ crop: config.source.crop, copies, frames });
  const source = masterSourceOf(config);
  const ports: AuditPorts = {
    directory: tenant.directory,
    cloudPhotos: tenant.cloudPhotos,
    sharePoint: tenant.sharePoint,
    source,
    images,
    records: state.records,
    clock,
    meter: tenant.meter,
    progress,
  };
  return {
    config,
    state,
    tenant,
    images,
    renderer: createImageRenderer({ copies }),
    ports,
    tenantUntil: (signal) => openTenantOf({ ...options, signal }),
    close: () => tenant.close(),
  };
}

/** The tenant's readers. Throws PhotodriftError where the CA file cannot be used. */
export function openTenantOf(options: Omit<WorkbenchOptions, "now" | "state">): OpenTenant {
  const { config, progress, env, signal, beforeRequest = null, paused } = options;
  return openTenant({
    endpoints: config.endpoints,
    tenantId: config.tenant.id,
    tenantName: config.tenant.name,
    cloud: config.tenant.cloud,
    credential: config.credential,
    ...(config.tenant.caFile === null ? {} : { ca: readFileSync(config.tenant.caFile, "utf8") }),
    concurrency: config.limits.concurrency,
    ...(config.tenant.userPhotosFolder === null ? {} : { userPhotosFolder: config.tenant.userPhotosFolder }),
    env,
    ...(signal === null ? {} : { signal }),
    ...(beforeRequest === null ? {} : { beforeRequest }),
    onThrottle(host: string, seconds: number) {
      progress.note(`${host} asks for a pause of ${seconds.toFixed(0)} s`);
      paused?.(host, seconds);
    },
  });
}

export function masterSourceOf(config: Config): ReturnType<typeof createMasterSource> {
  return createMasterSource({
    folder: config.source.folder,
    recursive: config.source.recursive,
    mapping: config.source.mapping,
    marker: config.source.marker,
    archive: config.source.archive,
    consent: config.policy.consent,
    pins: config.policy.pins,
    base: dirname(config.file),
  });
}

export interface Filters {
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly rules: readonly RuleId[];
  readonly stores: readonly StoreName[];
  readonly full: boolean;
}

export const NO_FILTERS: Filters = { users: [], groups: [], rules: [], stores: [], full: false };

export function auditSettings(
  config: Config,
  filters: Filters,
  how: { readonly mode: RunMode; readonly trigger: RunTrigger; readonly signal: AbortSignal | null },
): AuditSettings {
  const off = (["entra", "exchange", "sharepoint"] as const).filter((store) => !config.stores[store].enabled);
  const enabled = (["entra", "exchange", "sharepoint"] as const).filter((store) => !off.includes(store));
  const wanted =
    filters.stores.length === 0
      ? off.length === 0
        ? []
        : enabled
      : filters.stores.filter((store) => !off.includes(store));
  return {
    tenant: config.tenant.id,
    pictureOrigin: pictureOrigin(config),
    ...how,
    scope: config.scope,
    policy: config.policy,
    sharePoint: config.stores.sharepoint,
    source: config.source,
    maxChangePercent: config.limits.maxChangePercent,
    keepRuns: config.keepRuns,
    ...filters,
    stores: wanted,
    narrowedTo: [
      ...(filters.users.length > 0 ? ["--user"] : []),
      ...(filters.groups.length > 0 ? ["--group"] : []),
      ...filters.stores.map((store) => `--store ${store}`),
      ...filters.rules.map((rule) => `--rule ${rule}`),
    ],
  };
}

/** The origin of PictureURL where SharePoint does not say it itself: with port 443, as SharePoint spells it (facts/sharepoint.md 1.5). */
function pictureOrigin(config: Config): string {
  if (config.tenant.cloud === "custom") return config.endpoints.sharepointMy;
  return `https://${sharePointHost("sharepointMy", config.tenant.name, config.tenant.cloud)}:443`;
}

/** The run that begins now in this scope. */
export function newRun(now: number): RunIdentity {
  const run = runIdentity(now);
  noteRun(run.id);
  return run;
}

/** UTC start time plus a random tail: sortable, unique, and short enough to type. */
export function runIdentity(now: number): RunIdentity {
  const startedAt = new Date(now).toISOString();
  const stamp = startedAt.slice(0, 19).replaceAll(":", "").replace("T", "-");
  return { id: `${stamp}-${randomBytes(3).toString("hex")}`, startedAt };
}
