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

function endpoint(
  state: SandboxState,
  throttle: GraphThrottle,
  call: GraphCall,
): Promise<SandboxResponse | null> | SandboxResponse | null {
  const [head, second, third] = call.folded;
  const reading = call.method === "GET";
  switch (head) {
    case "users":
      return usersEndpoint(state, throttle, call);
    case "subscribedskus":
      return reading && second === undefined ? subscribedSkus(state, call) : null;
    case "organization":
      return reading && second === undefined ? organization(state, call) : null;
    case "groups":
      if (!reading) return null;
      if (second === undefined) return listGroups(state, call);
      if (third === undefined) return getGroup(state, call);
      return third === "members" || third === "transitivemembers" ? groupMembers(state, call) : null;
    case "admin":
      return second === "people" && third === "photoupdatesettings" ? photoUpdateSettings(state, call) : null;
    case "applications":
      return applicationsEndpoint(state, call);
    case "serviceprincipals":
      return servicePrincipalsEndpoint(state, call);
    case "sites":
    case "drives":
      return siteEndpoint(state, call);
    case "me":
      return errors.badRequest(state, "/me request is only valid with delegated authentication flow.");
    case "v1.0":
    case "beta":
      // Sub-requests name no version: BatchRequestContent of the SDK leaves it in (facts/graph-entra-exchange.md 6.4).
      return errors.unknownSegment(state, head);
    default:
      return null;
  }
}

function usersEndpoint(
  state: SandboxState,
  throttle: GraphThrottle,
  call: GraphCall,
): Promise<SandboxResponse | null> | SandboxResponse | null {
  const [, second, third] = call.folded;
  const reading = call.method === "GET";
  if (second === undefined) return reading ? listUsers(state, call) : null;
  if (second === "$count") return reading ? countUsersEndpoint(state, call) : null;
  if (second === "delta" || second === "microsoft.graph.delta()" || second === "delta()") {
    return reading && third === undefined ? usersDelta(state, call) : null;
  }
  if (third === undefined) return reading ? getUser(state, call) : null;
  const mailbox = findUser(state.tenant, second)?.id ?? second;
  if (third === "photo" || third === "photos") return throttle.inMailbox(mailbox, () => photoEndpoint(state, call));
  if (third === "mailboxsettings" && reading) {
    return throttle.inMailbox(mailbox, () => Promise.resolve(mailboxSettings(state, call)));
  }
  if (third === "sendmail" && call.method === "POST") {
    return throttle.inMailbox(mailbox, () => Promise.resolve(sendMail(state, call)));
  }
  return null;
}
