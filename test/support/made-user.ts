import { parseUserId } from "../../src/model/ids.js";
import type { DirectoryUser } from "../../src/model/user.js";

/** A licensed, enabled member of whom nothing is known but what the test says. */
export function madeUser(
  id: string,
  upn: string,
  displayName: string,
  parts: Partial<DirectoryUser> = {},
): DirectoryUser {
  return {
    id: parseUserId(id),
    upn,
    displayName,
    mail: null,
    givenName: null,
    surname: null,
    employeeId: null,
    samAccountName: null,
    aliases: [],
    guest: false,
    accountEnabled: true,
    onPremisesSync: null,
    licences: { mailbox: true, sharePoint: true },
    ...parts,
  };
}
