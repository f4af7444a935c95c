import type { DirectoryUser } from "../model/user.js";

/** How sure a key names a user: by UPN, then object id, then mail, then employee id. */
export const KEY_KINDS = ["upn", "id", "mail", "employeeId"] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** The spelling in which user keys of lists are compared: no case, one Unicode form, no blanks around. */
export function personKey(text: string): string {
  return text.normalize("NFC").trim().toLowerCase();
}

/** The keys a list may name a user by, with their kind; attributes that the user lacks are left out. */
export function keysOf(user: DirectoryUser): readonly { readonly kind: KeyKind; readonly key: string }[] {
  const { upn, id, mail, employeeId } = user;
  return Object.entries({ upn, id, mail, employeeId } satisfies Record<KeyKind, string | null>).flatMap(
    ([kind, value]) =>
      value === null || value.trim() === "" ? [] : [{ kind: kind as KeyKind, key: personKey(value) }],
  );
}

/** A list of people (consent, pins) that remembers which entries named somebody. */
export interface PeopleList {
  readonly size: number;
  /** True when the list names the user by UPN, mail, object id or employee id. */
  has(user: DirectoryUser): boolean;
  /** Entries that named none of the users asked for, sorted: a typing error in a consent list must not pass unseen. */
  unknown(): readonly string[];
}

/** @param keys user keys in any case */
export function peopleList(keys: Iterable<string>): PeopleList {
  const listed = new Set([...keys].map(personKey));
  const unseen = new Set(listed);
  return {
    size: listed.size,
    has(user) {
      if (listed.size === 0) return false;
      const named = keysOf(user).filter(({ key }) => listed.has(key));
      for (const { key } of named) unseen.delete(key);
      return named.length > 0;
    },
    unknown: () => [...unseen].sort(),
  };
}
