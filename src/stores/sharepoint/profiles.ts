import { PhotodriftError } from "../../model/errors.js";
import type { ObservedProfile } from "../../model/photo.js";
import type { DirectoryUser } from "../../model/user.js";
import { asObject, asStoreError, HttpFailure, serviceError, textOf } from "../http/failures.js";
import { createRefusals } from "../http/refusals.js";
import { retryAfterMs } from "../http/retry.js";
import type { WireResponse } from "../http/types.js";
import { accountName, NEEDS_PROFILES, type SharePoint } from "./api.js";
import { convertFullProfile, convertLeanProfile } from "./convert.js";
import { HttpRequestError, type SPFI, SPInstance } from "./pnp.js";
import type { Quota } from "./quota.js";

/** Parts of one batch: the practical limit is 100 (facts/sharepoint.md 3.4). */
const BATCH = 100;
const TRIES = 4;

/** How one profile was answered. */
type Answer =
  | { readonly kind: "answered"; readonly value: unknown }
  | { readonly kind: "refused"; readonly pauseMs: number; readonly error: unknown }
  | { readonly kind: "failed"; readonly error: unknown };

export interface ProfileReader {
  read(users: readonly DirectoryUser[], full: boolean): Promise<ReadonlyMap<string, ObservedProfile>>;
}

/** Reads photo properties in batches of 100, one by one where the host offers no batch. */
export function createProfileReader(sharePoint: SharePoint, quota: Quota): ProfileReader {
  let batches = true;
  const host = sharePoint.origin("sharepointAdmin");
  const { door } = sharePoint;
  const purpose = { asks: "read user profiles", needs: NEEDS_PROFILES };

  function query(sp: SPFI, upn: string, full: boolean): Promise<unknown> {
    const path = "_api/SP.UserProfiles.PeopleManager/GetPropertiesFor(accountName=@v)";
    const profile = SPInstance([sp.web, host], path);
    // The client does not double apostrophes (facts/sharepoint.md fact 10).
    profile.query.set("@v", `'${accountName(upn).replaceAll("'", "''")}'`);
    return full ? profile.select("AccountName", "UserProfileProperties")() : profile.select("PictureUrl")();
  }

  async function askBatch(users: readonly DirectoryUser[], full: boolean): Promise<readonly Answer[]> {
    const flaw = (response: WireResponse): string | null =>
      response.body.toString("latin1", 0, 16).startsWith("--batchresponse_") ? null : "it is no batch answer";
    const [sp, execute] = sharePoint.on("sharepointAdmin", { ...purpose, flaw }).batched({ maxRequests: BATCH });
    const parts = users.map((user) => query(sp, user.upn, full).then(answered, (error: unknown) => judged(error)));
    // Parts of a batch that fails as a whole never settle: the batch itself tells (facts/sharepoint.md fact 10).
    const run = execute().then(() => Promise.all(parts));
    return await Promise.race([run, Promise.all(parts)]);
  }

  async function askSingly(users: readonly DirectoryUser[], full: boolean): Promise<readonly Answer[]> {
    const sp = sharePoint.on("sharepointAdmin", purpose);
    return await Promise.all(
      users.map((user) =>
        query(sp, user.upn, full).then(answered, (error: unknown) => ({ kind: "failed", error }) as const),
      ),
    );
  }

  async function ask(users: readonly DirectoryUser[], full: boolean): Promise<readonly Answer[]> {
    await quota.take(users.length);
    if (!batches || users.length === 1) return await askSingly(users, full);
    try {
      return await askBatch(users, full);
    } catch (error) {
      if (door.signal?.aborted === true) throw error;
      if (noBatch(error)) batches = false;
      else if (!unreadableBatch(error)) return users.map(() => ({ kind: "failed", error }) as const);
      return await askSingly(users, full);
    }
  }

  async function readChunk(
    users: readonly DirectoryUser[],
    full: boolean,
    found: Map<string, ObservedProfile>,
  ): Promise<void> {
    let open = users;
    let failures = 0;
    const refusals = createRefusals(door, host);
    while (open.length > 0) {
      const answers = await ask(open, full);
      const again: DirectoryUser[] = [];
      let pause = 0;
      let refused = false;
      answers.forEach((answer, index) => {
        const user = open[index] as DirectoryUser;
        found.set(user.upn.toLowerCase(), profileOf(answer, user, full));
        if (answer.kind === "refused") {
          refused = true;
          pause = Math.max(pause, answer.pauseMs);
          again.push(user);
        } else if (answer.kind === "failed" && mayPass(answer.error)) again.push(user);
      });
      if (refused) quota.refused();
      if (refused && !refusals.refused(pause)) return;
      if (!refused && again.length > 0) failures++;
      open = failures < TRIES ? again : [];
      if (!refused && open.length > 0) await door.rest(failures - 1);
    }
  }

  return {
    async read(users, full) {
      const found = new Map<string, ObservedProfile>();
      const chunks: (readonly DirectoryUser[])[] = [];
      for (let at = 0; at < users.length; at += BATCH) chunks.push(users.slice(at, at + BATCH));
      await Promise.all(chunks.map((chunk) => readChunk(chunk, full, found)));
      return found;
    },
  };

  function judged(error: unknown): Answer {
    if (!(error instanceof HttpRequestError) || (error.status !== 429 && error.status !== 503))
      return { kind: "failed", error };
    const headers = Object.fromEntries(error.response.headers.entries());
    return { kind: "refused", pauseMs: retryAfterMs(headers, door.timer.now()) ?? 0, error };
  }
}

function answered(value: unknown): Answer {
  return { kind: "answered", value };
}

/** The batch endpoint itself is not there. */
function noBatch(error: unknown): boolean {
  return error instanceof HttpFailure && [400, 404, 405, 501].includes(error.status);
}

/** The batch was answered with something that the client cannot take apart: singly is the way to know. */
function unreadableBatch(error: unknown): boolean {
  return !(error instanceof PhotodriftError) || error.code === "unusable-answer";
}

function mayPass(error: unknown): boolean {
  if (!(error instanceof HttpRequestError)) return false;
  return error.status >= 500 && !isSettled(error.message);
}

function isSettled(message: string): boolean {
  return /PropertyNotEditable|Property Not Found|User Profile Error|UserNotFound|UserProfileNotFound|managing your own data/i.test(
    message,
  );
}

function profileOf(answer: Answer, user: DirectoryUser, full: boolean): ObservedProfile {
  const account = accountName(user.upn);
  if (answer.kind === "answered") {
    return full ? convertFullProfile(answer.value, account) : convertLeanProfile(answer.value, account);
  }
  const status = statusOf(answer.error);
  const message = answer.error instanceof Error ? answer.error.message : "";
  if (status === 404 || /User Profile Error 1000|UserNotFound|UserProfileNotFound/i.test(message))
    return { kind: "absent" };
  if (answer.error instanceof HttpRequestError) {
    const words = partError(answer.error.message);
    const text = `the profile of ${user.upn} cannot be read: ${String(status)} ${words}`.trim().slice(0, 400);
    const denied = status === 401 || status === 403 || /access denied/i.test(words);
    return {
      kind: "unreadable",
      error: denied
        ? { code: "permission-missing", message: text, hint: `grant the app registration ${NEEDS_PROFILES}` }
        : { code: status === 429 ? "throttled" : "service-unavailable", message: text, hint: "run again later" },
    };
  }
  return { kind: "unreadable", error: asStoreError(answer.error) };
}

function statusOf(error: unknown): number {
  const status = asObject(error instanceof Error ? { ...error } : null)["status"];
  return typeof status === "number" ? status : 0;
}

/** The service's words out of the client's error, which carries the body behind an arrow. */
function partError(message: string): string {
  const body = message.split("::> ").slice(1).join("::> ");
  return textOf(serviceError(body).message) ?? "";
}
