import type { SandboxResponse } from "../../http.js";
import { emptyResponse, isRecord, jsonResponse, parseJson } from "../../responses.js";
import type { SandboxState } from "../../state.js";
import { findUser } from "../../tenant.js";
import { hasRole, rootOf, type GraphCall } from "./call.js";
import * as errors from "./errors.js";

const MOST_MAILS = 1000;

/** `GET /users/{id}/mailboxSettings`: the proof of a mailbox (facts/graph-entra-exchange.md 3.3). */
export function mailboxSettings(state: SandboxState, call: GraphCall): SandboxResponse {
  if (!hasRole(call, "MailboxSettings.Read", "MailboxSettings.ReadWrite")) return errors.accessDenied(state);
  const user = findUser(state.tenant, call.segments[1] ?? "");
  if (!user || user.deletedAt !== null) return errors.resourceNotFound(state, call.segments[1] ?? "");
  if (!user.hasMailbox) return errors.mailboxNotEnabled(state);
  return jsonResponse(200, {
    "@odata.context": `${rootOf(call)}/$metadata#users('${user.id}')/mailboxSettings`,
    timeZone: "W. Europe Standard Time",
    dateFormat: "dd.MM.yyyy",
    timeFormat: "HH:mm",
    delegateMeetingMessageDeliveryOptions: "sendToDelegateOnly",
    userPurpose: "user",
  });
}

/** `POST /users/{sender}/sendMail`: 202 without body; the mail is kept for `GET /sandbox/mail` (facts/graph-entra-exchange.md section 8). */
export function sendMail(state: SandboxState, call: GraphCall): SandboxResponse {
  if (!hasRole(call, "Mail.Send")) return errors.accessDenied(state);
  const sender = findUser(state.tenant, call.segments[1] ?? "");
  if (!sender || sender.deletedAt !== null)
    return errors.graphError(
      state,
      404,
      "ErrorInvalidUser",
      `The requested user '${call.segments[1] ?? ""}' is invalid.`,
    );
  if (!sender.hasMailbox) return errors.mailboxNotEnabled(state);
  const body = parseJson(call.body);
  const message = isRecord(body) ? body["message"] : undefined;
  if (!isRecord(message)) return errors.badRequest(state, "The property 'message' is required.", "ErrorInvalidRequest");
  const recipients = message["toRecipients"];
  if (!Array.isArray(recipients) || recipients.length === 0) {
    return errors.badRequest(state, "At least one recipient isn't valid.", "ErrorInvalidRecipients");
  }
  state.mails.push({ at: new Date(state.clock.now()).toISOString(), sender: sender.upn, message });
  if (state.mails.length > MOST_MAILS) state.mails.shift();
  return emptyResponse(202);
}
