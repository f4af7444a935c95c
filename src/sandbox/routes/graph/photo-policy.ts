import type { SandboxResponse } from "../../http.js";
import { emptyResponse, isRecord, jsonResponse, parseJson } from "../../responses.js";
import type { SandboxState } from "../../state.js";
import { hasRole, rootOf, type GraphCall } from "./call.js";
import * as errors from "./errors.js";

/** `GET|PATCH|DELETE /beta/admin/people/photoUpdateSettings`; not in v1.0 (facts/graph-entra-exchange.md 2.3). */
export function photoUpdateSettings(state: SandboxState, call: GraphCall): SandboxResponse | null {
  if (call.version !== "beta") return errors.unknownSegment(state, "photoUpdateSettings");
  const write = "PeopleSettings.ReadWrite.All";
  if (!hasRole(call, write, ...(call.method === "GET" ? ["PeopleSettings.Read.All"] : []))) {
    return errors.insufficientPrivileges(state);
  }
  const { switches } = state.tenant;
  switch (call.method) {
    case "GET":
      return settingsBody(state, call);
    case "PATCH": {
      const body = parseJson(call.body);
      if (!isRecord(body)) return errors.badRequest(state, "Unable to read JSON request payload.");
      const { source, allowedRoles } = body;
      if (source !== undefined) {
        if (source !== "cloud" && source !== "onPremises" && source !== null) {
          return errors.badRequest(
            state,
            "Invalid value specified for property 'source' of resource 'PhotoUpdateSettings'.",
          );
        }
        switches.photoUpdateSource = source;
      }
      if (Array.isArray(allowedRoles)) state.allowedRoles = allowedRoles.map(String);
      return settingsBody(state, call);
    }
    case "DELETE":
      switches.photoUpdateSource = null;
      state.allowedRoles = [];
      return emptyResponse(204);
    default:
      return null;
  }
}

function settingsBody(state: SandboxState, call: GraphCall): SandboxResponse {
  const source = state.tenant.switches.photoUpdateSource;
  return jsonResponse(200, {
    "@odata.context": `${rootOf(call)}/$metadata#admin/people/photoUpdateSettings/$entity`,
    "@odata.type": "#microsoft.graph.photoUpdateSettings",
    id: state.policyId,
    ...(source === null ? {} : { source }),
    allowedRoles: state.allowedRoles,
  });
}
