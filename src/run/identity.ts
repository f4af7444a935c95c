import { coloursAgree, confirmIdentity, type MasterCandidate } from "../compare/photo/index.js";
import type { PhotoIdentity, PhotoSignature } from "../model/photo.js";
import type { DirectoryUser } from "../model/user.js";
import type { JoinContext } from "./join-context.js";

/** A picture on at least this many accounts is a placeholder or a logo. */
const SHARED_ACCOUNTS = 3;

type IdentityContext = Pick<JoinContext, "ports" | "roster" | "judge">;

/** Whose picture is it: an own older master, another user's, one of many accounts, or unknown. */
export async function identityOf(
  context: IdentityContext,
  user: DirectoryUser,
  signature: PhotoSignature,
): Promise<PhotoIdentity> {
  let other: PhotoIdentity | null = null;
  for (const candidate of context.roster.masters.candidates(signature)) {
    const own = candidate.userId === user.id;
    if (own && !candidate.retired) continue;
    if (other !== null && !own) continue;
    if (!(await shows(context, candidate, signature))) continue;
    if (own && !hasColoursOf(context, candidate, signature)) continue;
    if (own) return { kind: "own-retired", sha256: candidate.sha256 };
    other = ofOther(context, candidate);
  }
  if (other !== null) return other;
  const accounts = context.ports.records.accountsShowing(signature.sha256);
  return accounts >= SHARED_ACCOUNTS ? { kind: "shared", accounts } : { kind: "unknown" };
}

function ofOther({ ports, roster }: IdentityContext, { userId, retired }: MasterCandidate): PhotoIdentity {
  const owner = ports.records.user(userId);
  const file = roster.matches.byUser.get(userId);
  return {
    kind: "other-user",
    userId,
    upn: owner?.upn ?? userId,
    displayName: owner?.displayName ?? "a former user",
    file: file?.kind === "matched" ? file.file : "",
    retired,
  };
}

/** Pixels confirm what the fingerprints suggest: by the crop that is kept, or in another framing by the master itself. */
async function shows(
  context: IdentityContext,
  candidate: MasterCandidate,
  signature: PhotoSignature,
): Promise<boolean> {
  const { records } = context.ports;
  const known = records.signature(candidate.sha256);
  if (known === null) return false;
  if (confirmIdentity(known.luma, signature)) return true;
  if (candidate.retired || known.framings === undefined) return false;
  const owned = context.roster.matches.byUser.get(candidate.userId);
  const master = owned?.kind === "matched" ? records.master(owned.file) : null;
  if (master?.kind !== "usable") return false;
  const verdict = await context.judge.verdict(master, signature);
  return verdict?.kind === "same" || verdict?.kind === "recoloured";
}

/** Of an older master: a picture that somebody recoloured is not that master. */
function hasColoursOf(context: IdentityContext, candidate: MasterCandidate, signature: PhotoSignature): boolean {
  const known = context.ports.records.signature(candidate.sha256);
  return known !== null && coloursAgree(known, signature);
}
