import { createHash } from "node:crypto";
import { removeCloudPhoto, renditionOf, uploadCloudPhoto } from "../../behaviour.js";
import type { SandboxResponse } from "../../http.js";
import { emptyResponse, jsonResponse } from "../../responses.js";
import type { SandboxState } from "../../state.js";
import { findUser, type SandboxUser } from "../../tenant.js";
import { hasRole, header, rootOf, type GraphCall } from "./call.js";
import * as errors from "./errors.js";
import { answeringPhoto, offeredSizes, pixelsOf } from "./photo-store.js";

const READ_ROLES = ["ProfilePhoto.Read.All", "ProfilePhoto.ReadWrite.All", "User.Read.All", "User.ReadWrite.All"];
const WRITE_ROLES = ["ProfilePhoto.ReadWrite.All", "User.ReadWrite.All"];
const LARGEST_UPLOAD = 4 * 1024 * 1024;

/** `/users/{id}/photo`, `/photo/$value`, `/photos`, `/photos/{size}`, `/photos/{size}/$value` (facts/graph-entra-exchange.md sections 1, 2). */
export async function photoEndpoint(state: SandboxState, call: GraphCall): Promise<SandboxResponse | null> {
  const reading = call.method === "GET" || call.method === "HEAD";
  if (!hasRole(call, ...(reading ? READ_ROLES : WRITE_ROLES))) return errors.accessDenied(state);
  const user = findUser(state.tenant, call.segments[1] ?? "");
  if (!user || user.deletedAt !== null) {
    // An address that is not a UPN gets the no-photo answer (learn.microsoft.com/answers/questions/2079017).
    return (call.segments[1] ?? "").includes("@")
      ? errors.imageNotFound(state)
      : errors.resourceNotFound(state, call.segments[1] ?? "");
  }
  return reading ? readingRoute(state, call, user) : writingRoute(state, call, user);
}

async function readingRoute(state: SandboxState, call: GraphCall, user: SandboxUser): Promise<SandboxResponse | null> {
  const [, , kind = "", third = "", fourth = ""] = call.folded;
  if (kind === "photos" && third === "") return listSizes(state, call, user);
  const size = kind === "photos" ? third : null;
  const tail = kind === "photos" ? fourth : third;
  if (size !== null && !/^\d+x\d+$/.test(size)) return null;
  if (tail !== "" && tail !== "$value") return null;
  return readPhoto(state, call, user, { size, bytes: tail === "$value" });
}

async function writingRoute(state: SandboxState, call: GraphCall, user: SandboxUser): Promise<SandboxResponse | null> {
  const [, , kind = "", third = ""] = call.folded;
  if (kind !== "photo" || (third !== "$value" && third !== "")) return null;
  if (call.method === "DELETE") return deletePhoto(state, call, user);
  if ((call.method === "PUT" || call.method === "PATCH") && third === "$value") return writePhoto(state, call, user);
  return null;
}

/** Which rendition, null for the largest, and whether its bytes or what describes them. */
interface Wanted {
  readonly size: string | null;
  readonly bytes: boolean;
}

async function readPhoto(
  state: SandboxState,
  call: GraphCall,
  user: SandboxUser,
  { size, bytes }: Wanted,
): Promise<SandboxResponse> {
  const found = answeringPhoto(state, user, call.version);
  if (found.kind === "no-mailbox") return errors.noSuchMailbox(state);
  if (found.kind === "none") return noPhoto(state, call, bytes);
  const { photo, directory } = found;
  const whole = await pixelsOf(photo);
  const offered = size === null ? [] : offeredSizes(state, whole.width, whole.height, directory);
  const wanted = offered.find((candidate) => candidate.id === size) ?? null;
  if (size !== null && wanted === null) return noPhoto(state, call, bytes);
  const etag = mediaEtag(photo.etag, size);
  if (!bytes) return jsonResponse(200, metadata(call, user, size ?? "default", wanted ?? whole, etag));
  const { photoEtagHeader, conditionalGet } = state.tenant.switches;
  const headers: { [name: string]: string } = photoEtagHeader ? { etag } : {};
  if (conditionalGet && header(call, "if-none-match") === etag) return emptyResponse(304, headers);
  const image = await renditionOf(photo, wanted?.side ?? null);
  return { status: 200, headers: { "content-type": "image/jpeg", ...headers }, body: image.bytes };
}

/** The six members seen on a live tenant (facts/graph-entra-exchange.md 1.3); the id of `/photo` is `default`, never a size. */
function metadata(
  call: GraphCall,
  user: SandboxUser,
  id: string,
  image: { readonly width: number; readonly height: number },
  etag: string,
): object {
  const path = id === "default" ? "photo" : "photos";
  return {
    "@odata.context": `${rootOf(call)}/$metadata#users('${user.id}')/${path}/$entity`,
    "@odata.mediaContentType": "image/jpeg",
    "@odata.mediaEtag": etag,
    id,
    height: image.height,
    width: image.width,
  };
}

async function listSizes(state: SandboxState, call: GraphCall, user: SandboxUser): Promise<SandboxResponse> {
  const found = answeringPhoto(state, user, call.version);
  if (found.kind === "no-mailbox") return errors.noSuchMailbox(state);
  const context = `${rootOf(call)}/$metadata#users('${user.id}')/photos`;
  if (found.kind === "none") return jsonResponse(200, { "@odata.context": context, value: [] });
  const { photo, directory } = found;
  const whole = await pixelsOf(photo);
  const value = offeredSizes(state, whole.width, whole.height, directory).map(({ id, width, height }) => ({
    "@odata.mediaContentType": "image/jpeg",
    "@odata.mediaEtag": mediaEtag(photo.etag, id),
    id,
    height,
    width,
  }));
  return jsonResponse(200, { "@odata.context": context, value });
}

/** No photo: 404 ImageNotFound as real tenants answer, or the documented 200 with a picture of one pixel (facts 0.3). */
function noPhoto(state: SandboxState, call: GraphCall, bytes: boolean): SandboxResponse {
  if (bytes || state.tenant.switches.noPhoto === "image-not-found") return errors.imageNotFound(state);
  return jsonResponse(200, {
    "@odata.context": `${rootOf(call)}/$metadata#users/photo/$entity`,
    "@odata.mediaContentType": "image/gif",
    "@odata.mediaEtag": "",
    id: "1x1",
    height: 1,
    width: 1,
  });
}

async function writePhoto(state: SandboxState, call: GraphCall, user: SandboxUser): Promise<SandboxResponse> {
  const type = header(call, "content-type").split(";")[0]?.trim().toLowerCase();
  // The page requires image/jpeg; what other types get is unknown, Graph's general answer is 415.
  if (type !== "image/jpeg") {
    return errors.graphError(state, 415, "UnsupportedMediaType", "The content type of the request is not supported.");
  }
  if (call.body.length > LARGEST_UPLOAD) return errors.tooLarge(state);
  if (call.body.length === 0) return errors.badRequest(state, "The request body is empty.", "ErrorInvalidImage");
  if (state.tenant.switches.photoService === "split" && call.version === "v1.0" && !user.hasMailbox) {
    return errors.noSuchMailbox(state);
  }
  const stale = await refuseStale(state, call, user);
  if (stale) return stale;
  const outcome = await uploadCloudPhoto(state.tenant, user, call.body);
  if (outcome.ok) return emptyResponse(200);
  if (outcome.code === "") return emptyResponse(outcome.status);
  return errors.graphError(state, outcome.status, outcome.code, outcome.message);
}

async function deletePhoto(state: SandboxState, call: GraphCall, user: SandboxUser): Promise<SandboxResponse> {
  if (state.tenant.switches.photoUpdateSource === "onPremises") return errors.accessDenied(state);
  const stale = await refuseStale(state, call, user);
  if (stale) return stale;
  return removeCloudPhoto(state.tenant, user) ? emptyResponse(204) : errors.imageNotFound(state);
}

async function refuseStale(state: SandboxState, call: GraphCall, user: SandboxUser): Promise<SandboxResponse | null> {
  const wanted = header(call, "if-match");
  if (wanted === "" || wanted === "*") return null;
  const found = answeringPhoto(state, user, call.version);
  if (found.kind === "photo" && mediaEtag(found.photo.etag, null) === wanted) return null;
  return errors.graphError(
    state,
    412,
    "ErrorIrresolvableConflict",
    "The send or update operation could not be performed because the change key passed in the request does not match the current change key for the item.",
  );
}

/**
 * The JSON string contains quotes: `"\"BA09D118\""`. Whether sizes share one etag is unknown, so every size has its own and a client that
 * compares an etag of one endpoint with that of another is caught.
 */
export function mediaEtag(etag: string, size: string | null): string {
  const hash = createHash("sha1")
    .update(`${etag}|${size ?? ""}`)
    .digest("hex")
    .slice(0, 8)
    .toUpperCase();
  return `"${hash}"`;
}
