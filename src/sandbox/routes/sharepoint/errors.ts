import type { SandboxResponse } from "../../http.js";
import type { Call } from "./odata.js";

/**
 * SharePoint's errors, one function each. Codes and texts are observed ones (facts/sharepoint.md sections 2.1 and 3.3); where a status is
 * not established the comment says so.
 */
export function failure(
  call: Call,
  status: number,
  code: string,
  message: string,
  headers: { readonly [name: string]: string } = {},
): SandboxResponse {
  const error = { code, message: { lang: "en-US", value: message } };
  const body = call.format === "verbose" ? { error } : { "odata.error": error };
  return {
    status,
    headers: { "content-type": "application/json;charset=utf-8", ...headers },
    body: JSON.stringify(body),
  };
}

export function invalidQuery(call: Call, property: string): SandboxResponse {
  return failure(
    call,
    400,
    "-1, Microsoft.SharePoint.Client.InvalidClientQueryException",
    `The query to field '${property}' is not valid. The field or property does not exist, or it must be expanded.`,
  );
}

export function badRequest(call: Call, message: string): SandboxResponse {
  return failure(call, 400, "-1, Microsoft.SharePoint.Client.InvalidClientQueryException", message);
}

export function accessDenied(call: Call): SandboxResponse {
  return failure(
    call,
    403,
    "-2147024891, System.UnauthorizedAccessException",
    "Access denied. You do not have permission to perform this action or access this resource.",
  );
}

/** Text observed in 2025-09 (pnp/powershell#5084); the status is inferred. */
export function profileAccessDenied(call: Call): SandboxResponse {
  return failure(
    call,
    403,
    "-2147024891, System.UnauthorizedAccessException",
    "Access Denied: This application does not have the required permissions to access profile information.",
  );
}

/** Observed when writing other users' profiles outside the admin site (pnp/powershell#277, #2153); the status is inferred. */
export function wrongSiteForProfile(call: Call): SandboxResponse {
  return failure(
    call,
    500,
    "-1, Microsoft.Office.Server.UserProfiles.UserProfileException",
    "This operation requires you to be managing your own data or have administrator privileges.",
  );
}

export function propertyNotEditable(call: Call): SandboxResponse {
  return failure(
    call,
    500,
    "-1, Microsoft.Office.Server.UserProfiles.PropertyNotEditableException",
    "Property Not Editable: This property can only be modified by an administrator.",
  );
}

/** Begins so (pnpjs#340); the type name is not established. */
export function propertyNotFound(call: Call, name: string): SandboxResponse {
  return failure(
    call,
    500,
    "-1, Microsoft.Office.Server.UserProfiles.PropertyNotFoundException",
    `Property Not Found: ${name}`,
  );
}

/** Writing to a user without a profile: the text contains "User Profile Error 1000"; the rest is inferred. */
export function unknownProfile(call: Call, account: string): SandboxResponse {
  return failure(
    call,
    500,
    "-1, Microsoft.Office.Server.UserProfiles.UserNotFoundException",
    `User Profile Error 1000: A user with the account name ${account} was not found.`,
  );
}

export function fileNotFound(call: Call): SandboxResponse {
  return failure(call, 404, "-2147024894, System.IO.FileNotFoundException", "File Not Found.");
}

/** Uploading into a folder that does not exist; REST's 404 is inferred (WebDAV says 409, pnp/PnP#1419). */
export function folderNotFound(call: Call): SandboxResponse {
  return failure(call, 404, "-2147024893, System.IO.DirectoryNotFoundException", "File Not Found.");
}

export function listNotFound(call: Call, name: string): SandboxResponse {
  return failure(
    call,
    404,
    "-1, System.ArgumentException",
    `List '${name}' does not exist at site with URL '${call.origin}'.`,
  );
}

export function itemNotFound(call: Call): SandboxResponse {
  return failure(
    call,
    404,
    "-2130575338, Microsoft.SharePoint.SPException",
    "Item does not exist. It may have been deleted by another user.",
  );
}

/** The status of this one is not established. */
export function fileExists(call: Call, name: string): SandboxResponse {
  return failure(
    call,
    400,
    "-2130575257, Microsoft.SharePoint.SPException",
    `A file with the name ${name} already exists. It was last modified by SharePoint App.`,
  );
}

export function preconditionFailed(call: Call): SandboxResponse {
  return failure(
    call,
    412,
    "-1, Microsoft.SharePoint.Client.ClientServiceException",
    "The request ETag value does not match the object's ETag value.",
  );
}

export function listViewThreshold(call: Call): SandboxResponse {
  return failure(
    call,
    500,
    "-2147024860, Microsoft.SharePoint.SPQueryThrottledException",
    "The attempted operation is prohibited because it exceeds the list view threshold.",
  );
}

/** Throttled: the body is plain text (facts/sharepoint.md 3.3). */
export function tooManyRequests(
  retryAfter: number,
  headers: { readonly [name: string]: string } = {},
): SandboxResponse {
  return {
    status: 429,
    headers: { "content-type": "text/plain; charset=utf-8", "retry-after": String(retryAfter), ...headers },
    body: "429 TOO MANY REQUESTS",
  };
}
