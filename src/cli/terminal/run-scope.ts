import { AsyncLocalStorage } from "node:async_hooks";

interface Scope {
  runId: string | null;
}

const scopes = new AsyncLocalStorage<Scope>();

/** Runs work whose log lines carry the id of the run that begins in it. Runs of a daemon have a scope each. */
export function inRunScope<T>(work: () => T): T {
  return scopes.run({ runId: null }, work);
}

/** Notes the run that begins in this scope. */
export function noteRun(runId: string): void {
  const scope = scopes.getStore();
  if (scope !== undefined) scope.runId = runId;
}

/** The run of this scope; null before it begins. */
export function currentRun(): string | null {
  return scopes.getStore()?.runId ?? null;
}
