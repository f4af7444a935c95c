/** What the bench asks a sandbox tenant: its pictures, and what was written to it. */
import { readSandbox } from "../../dist/sandbox/index.js";

/** Everything that a picture shows, by place: content of thumbnails and cloud photos, and what profiles say of them. */
export async function pictures(dir) {
  const { library, users } = await readSandbox(dir, "state?hashes=1");
  return new Map([
    ...library.map(({ path, sha256 }) => [path, sha256]),
    ...users.map(({ upn, exchange }) => [`${upn} photo`, exchange?.sha256 ?? "none"]),
    ...users.map(({ upn, profile }) => [`${upn} profile`, `${profile?.pictureUrl} ${profile?.placeholderState}`]),
  ]);
}

/** Places at which two tenants differ. */
export function differing(one, other) {
  return [...new Set([...one.keys(), ...other.keys()])].filter((place) => one.get(place) !== other.get(place));
}

/** Requests since an instant. */
export async function logOf(dir, since = 0) {
  const { entries } = await readSandbox(dir, "log");
  return entries.filter(({ time }) => Date.parse(time) >= since);
}

/** Writes that succeeded, counted by method and place. */
export function writesByPlace(entries) {
  const counts = new Map();
  for (const { method, path, status } of entries) {
    if (status < 200 || status >= 300 || !isWrite(method, path)) continue;
    const place = `${method} ${path.replace(/\?.*$/, "")}`;
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return counts;
}

/** Writes of one tenant that another, treated once, did not get. */
export function beyond(counts, wanted) {
  const extra = [];
  for (const [place, count] of counts) {
    for (let n = wanted.get(place) ?? 0; n < count; n++) extra.push(place);
  }
  return extra;
}

function isWrite(method, asked) {
  if (["PUT", "PATCH", "DELETE"].includes(method)) return true;
  return (
    method === "POST" && !/\$batch|oauth2|token|contextinfo|_vti_bin\/client/i.test(asked) && !/Get\w+\(/.test(asked)
  );
}
