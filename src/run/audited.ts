import type { StoreName } from "../model/address.js";
import type { ComparedUser } from "../model/compared.js";
import type { FindingDraft } from "../model/finding.js";
import type { SkippedFile } from "../model/master.js";
import type { LibraryFile, StoreError } from "../model/photo.js";
import type { Severity } from "../model/rule.js";
import type { RunHead, RunSummary } from "../model/run.js";
import type { Ahead } from "./ahead.js";
import type { JoinContext } from "./join-context.js";
import type { AuditPorts } from "./settings.js";

/** Which run it is: a name of its own and its beginning, ISO 8601 UTC. */
export interface RunIdentity {
  readonly id: string;
  readonly startedAt: string;
}

/** What the stores showed. */
export interface Observed extends JoinContext {
  readonly ports: AuditPorts;
  /** Users that were judged while the stores were waited for; null where nobody was. */
  readonly ahead: Ahead | null;
  readonly leftOut: readonly SkippedFile[];
  /** Stores that could not be read as a whole. */
  readonly failures: ReadonlyMap<StoreName, StoreError>;
  /** Source that the tenant's photo policy allows when it forbids cloud writes; null where it does not say which, undefined: not forbidden. */
  readonly writesBlocked: string | null | undefined;
}

/** Gets every compared user and orphan as the audit streams by; a plan is made of them. */
export interface AuditListener {
  /** @param findings those that the run tells @param found all of them, also what a filter for rules hides */
  user(user: ComparedUser, findings: readonly FindingDraft[], found: readonly FindingDraft[]): void;
  orphan(file: LibraryFile, finding: FindingDraft): void;
}

/** What an audit came to; its findings are in the records. */
export interface AuditResult {
  readonly head: RunHead;
  readonly summary: RunSummary;
  readonly complete: boolean;
  /** Source that the tenant's photo policy allows when it forbids cloud writes, else null. */
  readonly writesBlocked: string | null;
  /** Drift findings by severity, for --fail-on. */
  readonly driftBySeverity: Readonly<Record<Severity, number>>;
}
