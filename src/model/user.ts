import type { UserId } from "./ids.js";

/** One directory user, as far as photos need it. Absent attributes are null, never "". */
export interface DirectoryUser {
  readonly id: UserId;
  readonly upn: string;
  readonly displayName: string;
  readonly mail: string | null;
  readonly givenName: string | null;
  readonly surname: string | null;
  readonly employeeId: string | null;
  readonly samAccountName: string | null;
  /** Further addresses (mail and SIP), without kind prefix and without `upn` and `mail`; former UPNs are among them. */
  readonly aliases: readonly string[];
  readonly guest: boolean;
  readonly accountEnabled: boolean;
  /** true: synced from an on-premises directory; false: was; null: never. */
  readonly onPremisesSync: boolean | null;
  /** By service plan GUID (facts: EXCHANGE_S_FOUNDATION is no mailbox). */
  readonly licences: {
    readonly mailbox: boolean;
    readonly sharePoint: boolean;
    /** Id of a subscription that the user holds a licence of and the tenant's list does not name: what it gives is not known. Left out where there is none. */
    readonly unknown?: string;
    /** Consecutive runs in which that subscription was missing, from the third on. */
    readonly unknownRuns?: number;
  };
}

/** Why a user is looked at or left alone. */
export type Scope = { readonly in: true } | { readonly in: false; readonly reason: string };
