import type { AuditPorts, AuditSettings } from "../../../src/run/settings.js";
import { NO_COST } from "../../../src/model/run.js";

/** Origin of the PictureURLs of the fake tenant. */
export const ORIGIN = "https://contoso-my.sharepoint.com:443";

/** How a fake tenant is audited where a test says nothing else. */
export const SETTINGS: AuditSettings = {
  tenant: "contoso.com",
  pictureOrigin: ORIGIN,
  mode: "audit",
  trigger: "cli",
  scope: { guests: false, disabledAccounts: false, groups: [], include: [], exclude: [] },
  policy: {
    authority: "source",
    minimumPixels: 240,
    lowResolutionBelow: 200,
    propagationMs: 0,
    consent: null,
    pins: null,
    autoApply: [],
    severity: {},
  },
  sharePoint: { enabled: true, fix: "direct", stem: "keep", thumbnails: { S: 48, M: 72, L: 200 } },
  source: { folder: "/photos", patterns: ["{upn}"], domain: null },
  maxChangePercent: 30,
  keepRuns: 90,
  users: [],
  groups: [],
  rules: [],
  stores: [],
  full: false,
  signal: null,
};

const none = (): void => undefined;

/** Tells nobody anything, and counts nothing. */
export const QUIET: Pick<AuditPorts, "progress" | "meter"> = {
  progress: { step: () => ({ tick: none, done: none }), note: none, warn: none },
  meter: { cost: () => NO_COST },
};
