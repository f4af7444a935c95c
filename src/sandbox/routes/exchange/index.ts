import { renditionOf } from "../../behaviour.js";
import type { Route, SandboxRequest, SandboxResponse } from "../../http.js";
import { emptyResponse, isRecord, jsonResponse, parseJson, queryOption } from "../../responses.js";
import type { SandboxState } from "../../state.js";
import { findUser, type SandboxUser } from "../../tenant.js";

/**
 * The Exchange host. Of the Admin API only Get-Mailbox and the refusal of the retired photo cmdlets (facts/graph-entra-exchange.md 1.9, 0.1);
 * EWS GetUserPhoto only behind the switch `ews` (1.8: blocked by default since 2026-10-01).
 */
export function exchangeRoutes(state: SandboxState): Route {
  return async (request) => {
    const path = request.url.pathname.toLowerCase();
    if (request.method === "GET" && path === "/ews/exchange.asmx/s/getuserphoto") return userPhoto(state, request);
    if (request.method !== "POST") return null;
    const [, api, version, tenant, call] = path.split("/");
    if (api !== "adminapi" || tenant !== state.tenant.id.toLowerCase()) return null;
    if (version === "v2.0" && call === "mailbox") return cmdlet(state, request, "Exchange.ManageAsAppV2");
    if (version === "beta" && call === "invokecommand") return cmdlet(state, request, "Exchange.ManageAsApp");
    return null;
  };
}

function cmdlet(state: SandboxState, request: SandboxRequest, role: string): SandboxResponse | null {
  if (!request.token?.roles.includes(role)) return emptyResponse(403);
  const body = parseJson(request.body);
  const input = isRecord(body) ? body["CmdletInput"] : undefined;
  if (!isRecord(input)) return adminError(400, "BadRequest", "CmdletInput is missing.");
  const parameters = isRecord(input["Parameters"]) ? input["Parameters"] : {};
  const name = String(input["CmdletName"]);
  if (/^(get|set|remove)-userphoto$/i.test(name)) {
    const message = `The term '${name}' is not recognized as the name of a cmdlet, function, script file, or operable program.`;
    return adminError(400, "BadRequest", message);
  }
  if (name.toLowerCase() !== "get-mailbox") return null;
  const identity = parameters["Identity"];
  const users =
    typeof identity === "string"
      ? [findUser(state.tenant, identity)].filter((user) => user !== undefined)
      : [...state.tenant.users.values()];
  const mailboxes = users.filter((user) => user.hasMailbox && user.deletedAt === null);
  if (typeof identity === "string" && mailboxes.length === 0) {
    const message = `Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|The operation couldn't be performed because object '${identity}' couldn't be found.`;
    return adminError(404, "NotFound", message);
  }
  const asked = Number(parameters["ResultSize"] ?? 1000);
  const most = Number.isInteger(asked) && asked > 0 ? asked : mailboxes.length;
  return jsonResponse(200, {
    "@odata.context": `${request.origins.exchange}/adminapi/$metadata#Mailbox`,
    "adminapi.warnings@odata.type": "#Collection(String)",
    "@adminapi.warnings": [],
    value: mailboxes.slice(0, most).map(mailboxBody),
  });
}

function mailboxBody(user: SandboxUser): object {
  return {
    ExternalDirectoryObjectId: user.id,
    UserPrincipalName: user.upn,
    PrimarySmtpAddress: user.mail ?? user.upn,
    DisplayName: user.displayName,
    RecipientTypeDetails: "UserMailbox",
    // The directory object's thumbnailPhoto; says nothing about the mailbox photo (facts 1.6).
    HasPicture: user.entraPhoto !== null,
  };
}

function adminError(status: number, code: string, message: string): SandboxResponse {
  const inner = { message, type: "Microsoft.Exchange.Admin.OData.Core.ODataServiceException", stacktrace: "" };
  return jsonResponse(status, {
    error: {
      code,
      message: code === "NotFound" ? message : "Invalid Operation",
      details: [{ code, message }],
      innererror: inner,
    },
    "adminapi.warnings@odata.type": "#Collection(String)",
    "@adminapi.warnings": [],
  });
}

async function userPhoto(state: SandboxState, request: SandboxRequest): Promise<SandboxResponse> {
  if (!state.services.ews || !request.token?.roles.includes("full_access_as_app")) {
    const why = "EWS has been blocked for this organization or application.";
    return { status: 403, headers: { "content-type": "text/plain", "x-ms-diagnostics": why }, body: why };
  }
  const email = queryOption(request.url, "email") ?? "";
  const side = sideOf(queryOption(request.url, "size") ?? "");
  const photo = photoOfSide(findUser(state.tenant, email) ?? byMail(state, email), side);
  if (!photo) return emptyResponse(404);
  const etag = `"${photo.etag.replaceAll('"', "")}"`;
  if (request.headers["if-none-match"] === etag) return emptyResponse(304, { etag });
  const whole = await renditionOf(photo, null);
  const image = side < Math.min(whole.width, whole.height) ? await renditionOf(photo, side) : whole;
  return { status: 200, headers: { "content-type": "image/jpeg", etag }, body: image.bytes };
}

/** Pixels of `HR96x96`; without a size that of the page's example. */
function sideOf(size: string): number {
  return Number(/^HR(\d+)x\1$/i.exec(size)?.[1] ?? "648");
}

/** HR48x48 is the directory's thumbnail where there is one; other sizes are the mailbox photo, else the thumbnail. */
function photoOfSide(user: SandboxUser | undefined, side: number): SandboxUser["mailboxPhoto"] {
  if (user === undefined) return null;
  const { entraPhoto, mailboxPhoto } = user;
  return side === 48 ? (entraPhoto ?? mailboxPhoto) : (mailboxPhoto ?? entraPhoto);
}

function byMail(state: SandboxState, email: string): SandboxUser | undefined {
  const wanted = email.toLowerCase();
  for (const user of state.tenant.users.values()) if (user.mail?.toLowerCase() === wanted) return user;
  return undefined;
}
