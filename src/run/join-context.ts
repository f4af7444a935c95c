import type { RulePolicy } from "../model/compared.js";
import type { Judge } from "./judge.js";
import type { Places } from "./places.js";
import type { Roster } from "./roster.js";
import type { AuditPorts, AuditSettings } from "./settings.js";

/** What a run has seen of each store, and what it needs to join one user. */
export interface JoinContext {
  readonly ports: AuditPorts;
  readonly settings: AuditSettings;
  readonly roster: Roster;
  readonly judge: Judge;
  /** null: SharePoint was not looked at. */
  readonly places: Places | null;
  readonly cloudObserved: boolean;
  readonly policy: RulePolicy;
}
