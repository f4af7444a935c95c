import { inChunks } from "../../model/chunks.js";
import { PhotodriftError } from "../../model/errors.js";
import type { ObservedProfile, StoreError } from "../../model/photo.js";
import type { DirectoryUser } from "../../model/user.js";
import { isProfileAbsence } from "../answers/absence.js";
import { ANOTHER_USER, readBody } from "../answers/described.js";
import { fullProfile, type ProfileAnswer } from "../answers/profiles.js";
import { serviceError, type ServiceError } from "../answers/service-error.js";
import { asStoreError, HttpFailure } from "../http/failures.js";
import { inRounds } from "../http/rounds.js";
import type { WireResponse } from "../http/types.js";
import { accountName, NEEDS_PROFILES, type SharePoint } from "./api.js";
import { convertProfile } from "./convert.js";
import { coalesced } from "./coalesce.js";
import { HttpRequestError, type SPFI, SPInstance } from "./pnp.js";
import { askTogether, BATCH, isNoBatch, isUnparsed } from "./together.js";
import type { Quota } from "./quota.js";

/** Unpacked bytes: a profile with all its properties has 8 kB (facts/sharepoint.md 2.1), a batch a hundred of them. */
const MAX_BATCH_BYTES = 16 * 1024 * 1024;
const MAX_PROFILE_BYTES = 1024 * 1024;

/** How one profile was answered. */
type Answer =
  | { readonly kind: "answered"; readonly value: ProfileAnswer | null }
  | { readonly kind: "unusable"; readonly because: string }
  | { readonly kind: "refused"; readonly pauseMs: number; readonly error: unknown }
  | { readonly kind: "failed"; readonly error: unknown };

export interface ProfileReader {
  read(users: readonly DirectoryUser[]): Promise<ReadonlyMap<string, ObservedProfile>>;
}

/** Reads photo properties in batches of 100, one by one where the host offers no batch or mixes it up. */
export function createProfileReader(sharePoint: SharePoint, quota: Quota): ProfileReader {
  let batches = true;
  const host = sharePoint.origin("sharepointAdmin");
  const { door } = sharePoint;
  const purpose = { asks: "read user profiles", needs: NEEDS_PROFILES };

  function query(sp: SPFI, upn: string): Promise<unknown> {
    const path = "_api/SP.UserProfiles.PeopleManager/GetPropertiesFor(accountName=@v)";
    const profile = SPInstance([sp.web, host], path);
    // The client does not double apostrophes (facts/sharepoint.md fact 10).
    profile.query.set("@v", `'${accountName(upn).replaceAll("'", "''")}'`);
    return profile.select("AccountName", "UserProfileProperties", "PersonalSiteHostUrl")();
  }

  async function askBatch(users: readonly DirectoryUser[]): Promise<readonly Answer[]> {
    const asked = { ...purpose, maxBytes: MAX_BATCH_BYTES };
    const calls = users.map(
      ({ upn }) =>
        (sp: SPFI) =>
          query(sp, upn),
    );
    const parts = await askTogether(sharePoint, "sharepointAdmin", asked, calls);
    return parts.map((part, at) => (part.kind === "answered" ? answered(part.text, users[at]?.upn ?? "") : part));
  }

  function askSingly(users: readonly DirectoryUser[]): Promise<readonly Answer[]> {
    const asked = { ...purpose, maxBytes: MAX_PROFILE_BYTES };
    return Promise.all(
      users.map(({ upn }) =>
        sharePoint
          .ask("sharepointAdmin", asked, fullProfile(accountName(upn)), (sp) => query(sp, upn))
          .then(
            (value) => ({ kind: "answered", value }) as const,
            (error: unknown) => ({ kind: "failed", error }) as const,
          ),
      ),
    );
  }

  async function ask(users: readonly DirectoryUser[]): Promise<readonly Answer[]> {
    await quota.take(users.length);
    if (!batches || users.length === 1) return await askSingly(users);
    try {
      const answers = await askBatch(users);
      // Where one part is another user's, a "no profile" of this batch may be another user's too.
      if (!answers.some((answer) => answer.kind === "unusable" && answer.because === ANOTHER_USER)) return answers;
    } catch (error) {
      if (door.signal?.aborted === true) throw error;
      if (isNoBatch(error)) batches = false;
      else if (!unreadableBatch(error)) return users.map(() => ({ kind: "failed", error }) as const);
    }
    return await askSingly(users);
  }

  async function readChunk(users: readonly DirectoryUser[], found: Map<string, ObservedProfile>): Promise<void> {
    await inRounds(door, host, users, async (open) => {
      const answers = await ask(open);
      const refused: DirectoryUser[] = [];
      const failed: DirectoryUser[] = [];
      let pauseMs = 0;
      let unauthorized: WireResponse | null = null;
      for (const [index, answer] of answers.entries()) {
        const user = open[index] as DirectoryUser;
        found.set(user.upn.toLowerCase(), profileOf(answer, user));
        if (answer.kind === "refused") {
          pauseMs = Math.max(pauseMs, answer.pauseMs);
          refused.push(user);
        } else if (mayPass(answer)) failed.push(user);
        unauthorized ??= unauthorizedPart(answer);
      }
      if (unauthorized !== null) await sharePoint.tokenRefused("sharepointAdmin", unauthorized);
      if (refused.length > 0) quota.refused();
      return { refused, failed, pauseMs };
    });
  }

  async function readAll(users: readonly DirectoryUser[]): Promise<ReadonlyMap<string, ObservedProfile>> {
    const found = new Map<string, ObservedProfile>();
    await Promise.all(Array.from(inChunks(users, BATCH), (chunk) => readChunk(chunk, found)));
    return found;
  }

  // An apply asks for one user at a time, for many users side by side. Who is asked for twice gets the one answer.
  const together = coalesced(door, BATCH, async (asked: readonly DirectoryUser[]) => {
    const found = await readAll([...new Map(asked.map((user) => [user.upn.toLowerCase(), user])).values()]);
    return asked.map(() => found);
  });

  return {
    read: ([first, ...others]) => {
      if (first === undefined) return Promise.resolve(new Map());
      return others.length === 0 ? together(first) : readAll([first, ...others]);
    },
  };
}

/** A part of a batch with status 2xx, which the client gives as text. */
function answered(text: string, upn: string): Answer {
  const reading = readBody(fullProfile(accountName(upn)), text);
  return reading.kind === "read"
    ? { kind: "answered", value: reading.value }
    : { kind: "unusable", because: reading.because };
}

/** The batch says nothing: singly is the way to know. */
function unreadableBatch(error: unknown): boolean {
  return isUnparsed(error) || (error instanceof PhotodriftError && error.code === "unusable-answer");
}

/** Worth another try: an answer that proves nothing, a refused token, a 5xx that is not settled, an error nobody signed. */
function mayPass(answer: Answer): boolean {
  if (answer.kind === "unusable") return true;
  if (answer.kind !== "failed" || !(answer.error instanceof HttpRequestError)) return false;
  const { status } = answer.error;
  const said = partError(answer.error.message);
  if (status === 401) return true;
  if (status >= 500) return !isSettled(answer.error.message);
  return said.code === "" && said.message === "";
}

function isSettled(message: string): boolean {
  return /PropertyNotEditable|Property Not Found|User Profile Error|UserNotFound|UserProfileNotFound|managing your own data/i.test(
    message,
  );
}

function unauthorizedPart(answer: Answer): WireResponse | null {
  if (answer.kind !== "failed" || !(answer.error instanceof HttpRequestError) || answer.error.status !== 401)
    return null;
  return { status: 401, headers: {}, body: Buffer.from(bodyOf(answer.error.message)) };
}

function profileOf(answer: Answer, user: DirectoryUser): ObservedProfile {
  if (answer.kind === "answered") return convertProfile(answer.value);
  const { upn } = user;
  if (answer.kind === "unusable") {
    const message = `the profile of ${upn} cannot be read: ${answer.because}`;
    return { kind: "unreadable", error: { code: "unusable-answer", message, hint: "run again later" } };
  }
  const { error } = answer;
  if (error instanceof HttpFailure) {
    if (isProfileAbsence(error.said)) return { kind: "absent" };
    return { kind: "unreadable", error: { ...asStoreError(error), ...refusalOf(error.status, error.said) } };
  }
  if (!(error instanceof HttpRequestError)) return { kind: "unreadable", error: asStoreError(error) };
  const said = partError(error.message);
  if (isProfileAbsence(said)) return { kind: "absent" };
  const message = `the profile of ${upn} cannot be read: ${String(error.status)} ${said.message}`.trim().slice(0, 400);
  return { kind: "unreadable", error: refusedPart(error.status, said, message) };
}

function refusedPart(status: number, said: ServiceError, message: string): StoreError {
  if (status === 403 || /access denied/i.test(said.message)) {
    return { code: "permission-missing", message, hint: `grant the app registration ${NEEDS_PROFILES}` };
  }
  if (status === 401) {
    const hint =
      "the service did not take the token, not even a fresh one: check tenant.id, then run photodrift doctor";
    return { code: "unauthorized", message, hint };
  }
  const hint = "run again later";
  if (status >= 500 || status === 429) {
    return { code: status === 429 ? "throttled" : "service-unavailable", message, hint };
  }
  return { code: "request-refused", message, hint, ...refusalOf(status, said) };
}

/** A code that no document explains, kept so that one that stays can be told. An answer without one is nobody's word. */
function refusalOf(status: number, { code }: ServiceError): Pick<StoreError, "refusal"> {
  const isKnown = status < 400 || status >= 500 || [401, 403, 408, 429].includes(status);
  return isKnown || code === "" ? {} : { refusal: `${String(status)} ${code}` };
}

/** The service's words out of the client's error, which carries the body behind an arrow. */
function partError(message: string): ServiceError {
  return serviceError(bodyOf(message));
}

function bodyOf(message: string): string {
  return message.split("::> ").slice(1).join("::> ");
}
