import type { Judge } from "./judge.js";
import type { Frontier } from "./ordered.js";
import type { Roster } from "./roster.js";
import type { AuditPorts, AuditSettings } from "./settings.js";

/** What the observations of the stores share. */
export interface Watch {
  readonly ports: AuditPorts;
  readonly settings: AuditSettings;
  readonly runId: string;
  readonly roster: Roster;
  /** Judges only after `mastersRead`. */
  readonly judge: Judge;
  /** Resolves when every master is read and the roster is settled; pictures are judged from then on. */
  readonly mastersRead: Promise<void>;
  /** Ends when SharePoint knows what it will be asked first or will not be asked, or when somebody needs the masters. */
  readonly firstAsked: Frontier;
}
