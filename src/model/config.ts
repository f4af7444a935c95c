import type { Secret } from "./secret.js";
import type { NotifyConfig } from "./notify.js";
import type { RuleId, Severity } from "./rule.js";

/** Clouds whose hosts are known by name. */
export const MICROSOFT_CLOUDS = ["global", "usgov", "usgov-dod", "china"] as const;
/** Clouds of Microsoft 365; `custom` names its endpoints itself. */
export const CLOUDS = [...MICROSOFT_CLOUDS, "custom"] as const;
/** One of the clouds. */
export type Cloud = (typeof CLOUDS)[number];

/** Origins of the services (`https://host[:port]`, no trailing slash), from the cloud and what the file overrides. */
export interface Endpoints {
  readonly login: string;
  readonly graph: string;
  readonly exchange: string;
  readonly sharepoint: string;
  readonly sharepointMy: string;
  readonly sharepointAdmin: string;
}

/** Keys of `tenant.endpoints`. */
export const ENDPOINT_NAMES = [
  "login",
  "graph",
  "exchange",
  "sharepoint",
  "sharepointMy",
  "sharepointAdmin",
] as const satisfies readonly (keyof Endpoints)[];

/** `tenant` of the configuration. */
export interface TenantConfig {
  /** GUID or domain. */
  readonly id: string;
  /** First label of the SharePoint hosts: `contoso` of contoso.sharepoint.com. */
  readonly name: string;
  readonly cloud: Cloud;
  /** PEM file with extra trust, absolute. */
  readonly caFile: string | null;
  /** Name of the folder in the User Photos library; null: found by itself. */
  readonly userPhotosFolder: string | null;
}

/** Ways to sign in as the application. */
export const CREDENTIAL_KINDS = [
  "certificate",
  "client-secret",
  "managed-identity",
  "workload-identity",
  "default",
] as const;

/** `clientId` null: the identity's own, or from the environment. `certificatePath` is absolute. */
export type CredentialConfig =
  | {
      readonly kind: "certificate";
      readonly clientId: string;
      readonly certificatePath: string;
      /** Of an encrypted private key or PFX. */
      readonly certificatePassword?: Secret;
    }
  | { readonly kind: "client-secret"; readonly clientId: string; readonly clientSecret: Secret }
  | { readonly kind: "managed-identity"; readonly clientId: string | null }
  | { readonly kind: "workload-identity"; readonly clientId: string | null }
  | { readonly kind: "default"; readonly clientId: string | null };

/** How the square of a master is cut: around the face, where libvips looks, or in the middle. */
export const CROP_CHOICES = ["face", "attention", "centre"] as const;
/** How the square of a master is found. */
export type CropChoice = (typeof CROP_CHOICES)[number];

/** Paths are absolute, except `marker`: a file name inside `folder`. */
export interface SourceConfig {
  readonly folder: string;
  readonly recursive: boolean;
  /** Tried in order; every field in braces is a known one. */
  readonly patterns: readonly string[];
  readonly domain: string | null;
  readonly mapping: string | null;
  readonly crop: CropChoice;
  readonly marker: string | null;
  readonly archive: string | null;
}

/** What may stand in braces in a name pattern. */
export const PATTERN_FIELDS = [
  "upn",
  "user",
  "mail",
  "id",
  "employeeId",
  "first",
  "last",
  "f",
  "l",
  "displayName",
  "samAccountName",
] as const;
/** What may stand in braces in a name pattern. */
export type PatternField = (typeof PATTERN_FIELDS)[number];

/** Tried in this order where nobody named any; `Firstname Lastname.JPG` works out of the box. */
export const DEFAULT_PATTERNS: readonly string[] = ["{upn}", "{first} {last}"];

/** `stores.sharepoint.fix`: who writes thumbnails. */
export const SHAREPOINT_FIXES = ["direct", "wait-for-sync", "report-only"] as const;
/** Who writes thumbnails. */
export type SharePointFix = (typeof SHAREPOINT_FIXES)[number];
/** `stores.sharepoint.stem`: how new thumbnail files are named; `keep` goes on as the files do that are there. */
export const THUMBNAIL_STEMS = ["keep", "upn", "object-id"] as const;
/** How new thumbnail files are named. */
export type ThumbnailStem = (typeof THUMBNAIL_STEMS)[number];

/** `stores.sharepoint` of the configuration; thumbnails are sides in pixels. */
export interface SharePointConfig {
  readonly enabled: boolean;
  readonly fix: SharePointFix;
  readonly stem: ThumbnailStem;
  /** Sides in pixels. */
  readonly thumbnails: { readonly S: number; readonly M: number; readonly L: number };
}

/** A store is off only where the file says so: `entra: false`, or `enabled: false` beside its other keys. */
export interface StoresConfig {
  readonly entra: { readonly enabled: boolean };
  readonly exchange: { readonly enabled: boolean };
  readonly sharepoint: SharePointConfig;
}

/** `scope` of the configuration: which users are looked at. */
export interface ScopeConfig {
  readonly guests: boolean;
  readonly disabledAccounts: boolean;
  /** Object ids of groups; empty: everybody. */
  readonly groups: readonly string[];
  /** Globs on the UPN; an empty `include` takes everybody. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** `policy.authority`: whose picture counts where the tenant holds another one than the source folder. */
export const AUTHORITIES = ["source", "user", "fill"] as const;
/** Whose picture counts. */
export type Authority = (typeof AUTHORITIES)[number];

/** `policy` of the configuration, times in milliseconds and sides in pixels. */
export interface PolicyConfig {
  readonly authority: Authority;
  /** Pixels, shorter side of a master. */
  readonly minimumPixels: number;
  /** Pixels, shorter side of a cloud photo. */
  readonly lowResolutionBelow: number;
  /** Milliseconds. */
  readonly propagationMs: number;
  /** CSV files, absolute. */
  readonly consent: string | null;
  readonly pins: string | null;
  readonly autoApply: readonly RuleId[];
  /** Overrides of the rules' own severities. */
  readonly severity: { readonly [rule in RuleId]?: Severity };
}

export interface LimitsConfig {
  /** Percent of the users in scope, counted from ten users up. */
  readonly maxChangePercent: number;
  readonly maxRemovals: number;
  readonly concurrency: number;
}

/** `photodrift.yaml`, checked, with defaults filled in and every path absolute. */
export interface Config {
  /** The file itself, absolute. */
  readonly file: string;
  readonly tenant: TenantConfig;
  readonly endpoints: Endpoints;
  readonly credential: CredentialConfig;
  readonly source: SourceConfig;
  readonly stores: StoresConfig;
  readonly scope: ScopeConfig;
  readonly policy: PolicyConfig;
  readonly limits: LimitsConfig;
  /** SQLite file, absolute. */
  readonly state: string;
  /** Folder of written reports, absolute. */
  readonly reports: string;
  /** Audits kept in history, with their report files. */
  readonly keepRuns: number;
  /** How long a run that wrote something can be undone, milliseconds: its record, journal and backups stay together until then. */
  readonly keepUndoMs: number;
  readonly notify: readonly NotifyConfig[];
}
