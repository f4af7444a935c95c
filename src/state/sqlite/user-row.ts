import type { UserId } from "../../model/ids.js";
import type { DirectoryUser } from "../../model/user.js";

export interface UserRow {
  readonly id: string;
  readonly upn_key: string;
  readonly json: string;
}

/** Places of the yes-or-no values in `flags`. */
const FLAG = { guest: 1, accountEnabled: 2, mailbox: 4, sharePoint: 8 } as const;
/** Stands for a name that the row's key says already. */
const AS_KEY = 1;

type Name = string | null;
type UnknownLicence = Pick<DirectoryUser["licences"], "unknown" | "unknownRuns">;
/** Values in a fixed order: names of members would take more room than what they name. */
type Values = readonly [
  upn: string | typeof AS_KEY,
  mail: Name | typeof AS_KEY,
  displayName: string,
  givenName: Name,
  surname: Name,
  employeeId: Name,
  samAccountName: Name,
  flags: number,
  onPremisesSync: boolean | null,
  aliases?: readonly string[],
  unknownLicence?: UnknownLicence,
];

/** A user as the column holds it; the id is left to the key. */
export function rowOfUser(user: DirectoryUser): UserRow {
  const key = user.upn.toLowerCase();
  const { mailbox, sharePoint, ...unknown } = user.licences;
  const set = { guest: user.guest, accountEnabled: user.accountEnabled, mailbox, sharePoint };
  const flags = Object.entries(FLAG).reduce((sum, [name, bit]) => sum + (set[name as keyof typeof FLAG] ? bit : 0), 0);
  const isUnknown = Object.keys(unknown).length > 0;
  const values: Values = [
    user.upn === key ? AS_KEY : user.upn,
    user.mail === key ? AS_KEY : user.mail,
    user.displayName,
    user.givenName,
    user.surname,
    user.employeeId,
    user.samAccountName,
    flags,
    user.onPremisesSync,
    ...(user.aliases.length > 0 || isUnknown ? ([user.aliases] as const) : []),
    ...(isUnknown ? ([unknown] as const) : []),
  ] as Values;
  return { id: user.id, upn_key: key, json: JSON.stringify(values) };
}

/** Reads rows of former versions, too: the user with the members' names, the oldest without aliases. */
export function userOf({ id, upn_key, json }: UserRow): DirectoryUser {
  const kept = JSON.parse(json) as Values | (Omit<DirectoryUser, "aliases"> & Partial<Pick<DirectoryUser, "aliases">>);
  if (!isValues(kept)) return { ...kept, aliases: kept.aliases ?? [] };
  const [upn, mail, displayName, givenName, surname, employeeId, samAccountName, flags, onPremisesSync] = kept;
  const is = (bit: number): boolean => (flags & bit) !== 0;
  return {
    id: id as UserId,
    upn: upn === AS_KEY ? upn_key : upn,
    displayName,
    mail: mail === AS_KEY ? upn_key : mail,
    givenName,
    surname,
    employeeId,
    samAccountName,
    aliases: kept[9] ?? [],
    guest: is(FLAG.guest),
    accountEnabled: is(FLAG.accountEnabled),
    onPremisesSync,
    licences: { mailbox: is(FLAG.mailbox), sharePoint: is(FLAG.sharePoint), ...kept[10] },
  };
}

function isValues(kept: object): kept is Values {
  return Array.isArray(kept);
}
