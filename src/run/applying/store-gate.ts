import type { StoreError } from "../../model/photo.js";
import type { PlanAction } from "../../model/plan-action.js";
import type { StoppedStore } from "./ports.js";

/** This many refusals in a row with the same code, and the store is left alone. */
const REFUSALS = 3;

/** Failures that pass, or that concern one user only: they never close a store. */
const PASSING = new Set([
  "backup-damaged",
  "backup-missing",
  "changed-meanwhile",
  "connection-lost",
  "image-too-large",
  "interrupted",
  "locked",
  "not-confirmed",
  "not-found",
  "outcome-unknown",
  "photo-too-large",
  "profile-missing",
  "service-unavailable",
  "throttled",
  "too-large",
  "unreadable-image",
  "unreadable",
  "unusable-answer",
  "user-not-found",
  "user-not-ready",
]);

export interface StoreGate {
  /** Why the store of this action is left alone, or null. */
  closed(action: PlanAction): StoreError | null;
  succeeded(action: PlanAction): void;
  failed(action: PlanAction, error: StoreError): void;
  stopped(): readonly StoppedStore[];
}

/** A store that refuses again and again (policy, permission, no room for backups) stops only itself. */
export function createStoreGate(): StoreGate {
  const rows = new Map<string, { code: string; count: number }>();
  const stopped = new Map<StoppedStore["store"], StoreError>();
  return {
    closed: (action) => stopped.get(storeKey(action)) ?? null,
    succeeded(action) {
      rows.delete(storeKey(action));
    },
    failed(action, error) {
      if (PASSING.has(error.code)) return;
      const key = storeKey(action);
      const row = rows.get(key);
      const count = row?.code === error.code ? row.count + 1 : 1;
      rows.set(key, { code: error.code, count });
      if (count >= REFUSALS && !stopped.has(key)) stopped.set(key, error);
    },
    stopped: () => [...stopped].map(([store, error]) => ({ store, error })),
  };
}

function storeKey(action: PlanAction): StoppedStore["store"] {
  return action.action === "upload-photo" || action.action === "delete-photo" ? "cloud" : "sharepoint";
}
