import type { DirectoryUser } from "../../model/user.js";

export type Version = "v1.0" | "beta";

/**
 * Users are addressed by object id: a guest's UPN holds `#`, and a mail address that is not the UPN answers like a user without photo
 * (facts/graph-entra-exchange.md 1.4).
 */
export function photoPath(user: { readonly id: string }): string {
  return `/users/${encodeURIComponent(user.id)}/photo`;
}

/** Bytes of the stored photo, or of its square rendition of `side` pixels. */
export function bytesPath(user: { readonly id: string }, side: number | null): string {
  const size = side === null ? "photo" : `photos/${String(side)}x${String(side)}`;
  return `/users/${encodeURIComponent(user.id)}/${size}/$value`;
}

/** One photo service to ask for one user. */
export interface Question {
  readonly user: DirectoryUser;
  readonly store: "entra" | "exchange";
  readonly version: Version;
  readonly attribution: "no-mailbox" | "merged" | "split";
}

/** Whom to ask about a user: one merged answer, or v1.0 for the mailbox and beta for the directory. */
export function questionsFor(user: DirectoryUser, topology: "merged" | "split"): readonly Question[] {
  const version: Version = topology === "split" ? "beta" : "v1.0";
  if (!user.licences.mailbox) return [{ user, store: "entra", version, attribution: "no-mailbox" }];
  if (topology === "merged") return [{ user, store: "exchange", version: "v1.0", attribution: "merged" }];
  return [
    { user, store: "exchange", version: "v1.0", attribution: "split" },
    { user, store: "entra", version: "beta", attribution: "split" },
  ];
}
