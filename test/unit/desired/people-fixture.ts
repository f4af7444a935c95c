import { parseUserId } from "../../../src/model/ids.js";
import type { DirectoryUser } from "../../../src/model/user.js";

/** A licensed member; the names are read from a UPN such as `anna.becker@contoso.com` unless given. */
export function person(upn: string, given: Partial<DirectoryUser> = {}): DirectoryUser {
  const [first = "", last = ""] = (upn.split("@")[0] ?? "").split(".");
  return {
    id: parseUserId(`id-${upn}`),
    upn,
    displayName: `${capital(first)} ${capital(last)}`.trim(),
    mail: upn,
    givenName: first === "" ? null : capital(first),
    surname: last === "" ? null : capital(last),
    employeeId: null,
    samAccountName: null,
    aliases: [],
    guest: false,
    accountEnabled: true,
    onPremisesSync: null,
    licences: { mailbox: true, sharePoint: true },
    ...given,
  };
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
