import type { RulePolicy } from "../model/compared.js";
import type { Judge } from "./judge.js";
import type { Places } from "./places.js";
import type { Roster } from "./roster.js";
import type { UserRecords } from "./records/users.js";
import type { PictureRecords } from "./records/pictures.js";
import type { MasterRecords } from "./records/masters.js";
import type { CloudPhotoRecords } from "./records/cloud-photos.js";
import type { ProfileRecords } from "./records/profiles.js";
import type { AppliedRecords } from "./records/applied.js";
import type { OwnWriteRecords } from "./records/own-writes.js";
import type { DecisionRecords } from "./records/decisions.js";
import type { AuditSettings, PortsOf } from "./settings.js";

type JoinRecords = UserRecords &
  PictureRecords &
  MasterRecords &
  CloudPhotoRecords &
  ProfileRecords &
  AppliedRecords &
  OwnWriteRecords &
  DecisionRecords;

/** What a run has seen of each store, and what it needs to join one user. */
export interface JoinContext {
  readonly ports: PortsOf<"clock", JoinRecords>;
  readonly settings: AuditSettings;
  readonly roster: Roster;
  readonly judge: Judge;
  /** null: SharePoint was not looked at. */
  readonly places: Places | null;
  readonly cloudObserved: boolean;
  readonly policy: RulePolicy;
}
