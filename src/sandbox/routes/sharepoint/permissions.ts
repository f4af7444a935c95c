import type { Call } from "./odata.js";

const READ = ["Sites.Read.All", "Sites.ReadWrite.All", "Sites.Manage.All", "Sites.FullControl.All"];
const WRITE = ["Sites.ReadWrite.All", "Sites.Manage.All", "Sites.FullControl.All"];
const PROFILE_READ = ["User.Read.All", "User.ReadWrite.All"];
const PROFILE_WRITE = ["User.ReadWrite.All"];

function holdsOne(call: Call, roles: readonly string[]): boolean {
  return call.request.token?.roles.some((role) => roles.includes(role)) ?? false;
}

export function mayReadFiles(call: Call): boolean {
  return holdsOne(call, READ);
}

export function mayWriteFiles(call: Call): boolean {
  return holdsOne(call, WRITE);
}

/** SharePoint's own User.* roles, not Graph's of the same name (facts/sharepoint.md 2.2). */
export function mayReadProfiles(call: Call): boolean {
  return holdsOne(call, PROFILE_READ);
}

export function mayWriteProfiles(call: Call): boolean {
  return holdsOne(call, PROFILE_WRITE);
}
