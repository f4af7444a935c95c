import type { Route, SandboxRequest, SandboxResponse } from "../../http.js";
import type { SandboxState } from "../../state.js";
import { findUser } from "../../tenant.js";
import { applicationsEndpoint } from "./applications.js";
import { servicePrincipalsEndpoint } from "./service-principals.js";
import { batchEndpoint, type SubDispatch } from "./batch.js";
import { callOf, type GraphCall } from "./call.js";
import { usersDelta } from "./delta.js";
import * as errors from "./errors.js";
import { getGroup, groupMembers, listGroups } from "./groups.js";
import { mailboxSettings, sendMail } from "./mail.js";
import { photoEndpoint } from "./photo.js";
import { photoUpdateSettings } from "./photo-policy.js";
import { siteEndpoint } from "./sites.js";
import { organization, subscribedSkus } from "./skus.js";
import { createGraphThrottle, type GraphThrottle } from "./throttle.js";
import { countUsersEndpoint, getUser, listUsers } from "./users.js";

/** Wraps the answering of one sub-request: the server logs it and puts faults in. */
export type AroundSubRequest = (
  request: SandboxRequest,
  call: GraphCall,
  answer: () => Promise<SandboxResponse>,
) => Promise<SandboxResponse>;

/** Everything the graph host answers below /v1.0 and /beta. */
export function graphRoutes(
  state: SandboxState,
  around: AroundSubRequest,
  unknown: (what: string) => SandboxResponse,
): Route {
  const throttle = createGraphThrottle(state);
  return async (request) => {
    if (request.token === null) return null;
    const call = callOf(request.url, {
      method: request.method,
      headers: request.headers,
      body: request.body,
      token: request.token,
      batched: false,
      userAgent: request.headers["user-agent"] ?? "",
    });
    if (call === null) return null;
    if (call.folded[0] === "$batch" && call.method === "POST") {
      const dispatch: SubDispatch = (sub) =>
        around(request, sub, async () => {
          const answer = await answerCall(state, throttle, sub);
          return answer ?? unknown(`${sub.method} ${sub.url.pathname}${sub.url.search}`);
        });
      return batchEndpoint(state, call, dispatch);
    }
    return answerCall(state, throttle, call);
  };
}

async function answerCall(
  state: SandboxState,
  throttle: GraphThrottle,
  call: GraphCall,
): Promise<SandboxResponse | null> {
  const { refusal, headers } = throttle.admit(call);
  if (refusal) return refusal;
  const answer = await endpoint(state, throttle, call);
  return answer === null || Object.keys(headers).length === 0
    ? answer
    : { ...answer, headers: { ...answer.headers, ...headers } };
}

type Answer = Promise<SandboxResponse | null> | SandboxResponse | null;
type Endpoint = (state: SandboxState, call: GraphCall, throttle: GraphThrottle) => Answer;

/** A resource that is read as a whole and has nothing below it. */
function readWhole(answer: (state: SandboxState, call: GraphCall) => SandboxResponse): Endpoint {
  return (state, call) => (call.method === "GET" && call.folded[1] === undefined ? answer(state, call) : null);
}

/** Sub-requests name no version: BatchRequestContent of the SDK leaves it in (facts/graph-entra-exchange.md 6.4). */
const inVersion: Endpoint = (state, call) => errors.unknownSegment(state, call.folded[0] ?? "");

/** By the first segment of the path. */
const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ["users", usersEndpoint],
  ["subscribedskus", readWhole(subscribedSkus)],
  ["organization", readWhole(organization)],
  ["groups", groupsEndpoint],
  [
    "admin",
    (state, call) => {
      const [, second, third] = call.folded;
      return second === "people" && third === "photoupdatesettings" ? photoUpdateSettings(state, call) : null;
    },
  ],
  ["applications", applicationsEndpoint],
  ["serviceprincipals", servicePrincipalsEndpoint],
  ["sites", siteEndpoint],
  ["drives", siteEndpoint],
  ["me", (state) => errors.badRequest(state, "/me request is only valid with delegated authentication flow.")],
  ["v1.0", inVersion],
  ["beta", inVersion],
]);

function endpoint(state: SandboxState, throttle: GraphThrottle, call: GraphCall): Answer {
  return ENDPOINTS.get(call.folded[0] ?? "")?.(state, call, throttle) ?? null;
}

function groupsEndpoint(state: SandboxState, call: GraphCall): Answer {
  const [, second, third] = call.folded;
  if (call.method !== "GET") return null;
  if (second === undefined) return listGroups(state, call);
  if (third === undefined) return getGroup(state, call);
  return third === "members" || third === "transitivemembers" ? groupMembers(state, call) : null;
}

const DELTA = ["delta", "microsoft.graph.delta()", "delta()"];

function usersEndpoint(state: SandboxState, call: GraphCall, throttle: GraphThrottle): Answer {
  const [, second, third] = call.folded;
  const reading = call.method === "GET";
  if (second === undefined) return reading ? listUsers(state, call) : null;
  if (second === "$count") return reading ? countUsersEndpoint(state, call) : null;
  if (DELTA.includes(second)) return reading && third === undefined ? usersDelta(state, call) : null;
  if (third === undefined) return reading ? getUser(state, call) : null;
  const answer = inMailbox(state, call, third);
  return answer === null ? null : throttle.inMailbox(findUser(state.tenant, second)?.id ?? second, answer);
}

/** What is below one user lies in the user's mailbox, which is throttled by itself. */
function inMailbox(state: SandboxState, call: GraphCall, what: string): (() => Promise<SandboxResponse | null>) | null {
  if (what === "photo" || what === "photos") return () => photoEndpoint(state, call);
  if (what === "mailboxsettings" && call.method === "GET") return () => Promise.resolve(mailboxSettings(state, call));
  if (what === "sendmail" && call.method === "POST") return () => Promise.resolve(sendMail(state, call));
  return null;
}
