/** Numbers of the last run that the next one is held against. */
export interface CountRecords {
  /** Number of masters the last complete run saw, or null. */
  lastMasterCount(): number | null;
  saveMasterCount(count: number): void;
  /** Number of users that the last listing of a group had, or null. */
  lastGroupSize(groupId: string): number | null;
  saveGroupSize(groupId: string, users: number): void;
  /** Number of people that a list of the configuration named when it was last believed, or null. */
  lastListSize(list: "consent" | "pins"): number | null;
  saveListSize(list: "consent" | "pins", people: number): void;
}
