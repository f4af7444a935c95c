import type { DirectoryUser } from "../../../src/model/user.js";
import { madeUser } from "../../support/made-user.js";

/** A licensed member; the names are read from a UPN such as `anna.becker@contoso.com` unless given. */
export function person(upn: string, given: Partial<DirectoryUser> = {}): DirectoryUser {
  const [first = "", last = ""] = (upn.split("@")[0] ?? "").split(".");
  const names = {
    givenName: first === "" ? null : capital(first),
    surname: last === "" ? null : capital(last),
  };
  const displayName = `${capital(first)} ${capital(last)}`.trim();
  return madeUser(`id-${upn}`, upn, displayName, { mail: upn, ...names, ...given });
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
