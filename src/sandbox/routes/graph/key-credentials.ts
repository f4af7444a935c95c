import { createHash, randomUUID, X509Certificate } from "node:crypto";
import { isRecord } from "../../responses.js";
import type { KeyCredential, RequiredAccess } from "../../registry.js";

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What the directory finds wrong with a property: code and message of its answer. */
export interface Fault {
  readonly code: string;
  readonly message: string;
}

export function isFault(value: unknown): value is Fault {
  return isRecord(value) && typeof value["code"] === "string" && typeof value["message"] === "string";
}

/**
 * Reads a `keyCredentials` collection, which always replaces the old one (learn.microsoft.com/graph/applications-how-to-add-certificate):
 * an entry that keeps a key names its keyId; a new one brings type, usage and the certificate as base64 DER. Codes as users report them.
 */
export function readKeyCredentials(value: unknown, before: readonly KeyCredential[]): readonly KeyCredential[] | Fault {
  if (!Array.isArray(value)) return fault("keyCredentials must be a collection.");
  const read: KeyCredential[] = [];
  for (const entry of value as readonly unknown[]) {
    if (!isRecord(entry)) return fault("A keyCredential must be an object.");
    const unknown = Object.keys(entry).find((name) => !KNOWN.has(name));
    if (unknown !== undefined) return fault(`Invalid property '${unknown}' specified for keyCredential.`);
    const kept = before.find(({ keyId }) => keyId === entry["keyId"]);
    const one = kept === undefined ? newKey(entry) : keptKey(entry, kept);
    if (isFault(one)) return one;
    read.push(one);
  }
  return read;
}

const KNOWN = new Set([
  "customKeyIdentifier",
  "displayName",
  "endDateTime",
  "key",
  "keyId",
  "startDateTime",
  "type",
  "usage",
]);

function keptKey(entry: { readonly [name: string]: unknown }, kept: KeyCredential): KeyCredential | Fault {
  const key = entry["key"] ?? null;
  if (key !== null && key !== kept.key) {
    return fault(`Update to existing credential with KeyId '${kept.keyId}' is not allowed.`);
  }
  return kept;
}

function newKey(entry: { readonly [name: string]: unknown }): KeyCredential | Fault {
  const { type, usage, key, displayName, startDateTime, endDateTime } = entry;
  if (type !== "AsymmetricX509Cert")
    return { code: "KeyCredentialsInvalidType", message: "Key credential type is invalid." };
  if (usage !== "Verify") return { code: "KeyCredentialsInvalidUsage", message: "Key credential usage is invalid." };
  if (typeof key !== "string" || !/^[A-Za-z0-9+/]+={0,2}$/.test(key)) return invalidKey();
  const certificate = certificateOf(key);
  if (certificate === null) return invalidKey();
  const ends = timeOf(endDateTime, certificate.validTo);
  const begins = timeOf(startDateTime, certificate.validFrom);
  if (Number.isNaN(ends) || ends > Date.parse(certificate.validTo) || ends <= Date.now()) {
    return { code: "KeyCredentialsInvalidEndDate", message: "Key credential end date is invalid." };
  }
  if (Number.isNaN(begins) || begins < Date.parse(certificate.validFrom)) {
    return { code: "KeyCredentialsInvalidStartDate", message: "Key credential start date is invalid." };
  }
  return {
    keyId: randomUUID(),
    type,
    usage,
    key,
    displayName: typeof displayName === "string" ? displayName.slice(0, 90) : null,
    customKeyIdentifier: createHash("sha1").update(certificate.raw).digest("base64"),
    startDateTime: new Date(begins).toISOString(),
    endDateTime: new Date(ends).toISOString(),
  };
}

function certificateOf(base64: string): X509Certificate | null {
  try {
    return new X509Certificate(Buffer.from(base64, "base64"));
  } catch {
    return null;
  }
}

/** Milliseconds since 1970 of a date that may be left out; NaN for what is no date. */
function timeOf(given: unknown, byDefault: string): number {
  if (given === undefined) return Date.parse(byDefault);
  return Date.parse(typeof given === "string" ? given : "");
}

function invalidKey(): Fault {
  return { code: "KeyCredentialsInvalidValue", message: "Key credential value is invalid." };
}

/** `requiredResourceAccess`: what the application asks for; it grants nothing. */
export function readRequiredAccess(value: unknown): readonly RequiredAccess[] | Fault {
  if (!Array.isArray(value)) return fault("requiredResourceAccess must be a collection.");
  const read: RequiredAccess[] = [];
  for (const entry of value as readonly unknown[]) {
    const access = isRecord(entry) ? entry["resourceAccess"] : undefined;
    if (!isRecord(entry) || !GUID.test(String(entry["resourceAppId"])) || !Array.isArray(access)) {
      return fault("Invalid value specified for property 'requiredResourceAccess' of resource 'Application'.");
    }
    const items = access.map((item: unknown) =>
      isRecord(item) ? { id: String(item["id"]), type: String(item["type"]) } : null,
    );
    const good = items.every(
      (item) => item !== null && GUID.test(item.id) && (item.type === "Role" || item.type === "Scope"),
    );
    if (!good)
      return fault("Invalid value specified for property 'resourceAccess' of resource 'RequiredResourceAccess'.");
    read.push({ resourceAppId: String(entry["resourceAppId"]), resourceAccess: items.filter((item) => item !== null) });
  }
  return read;
}

export function fault(message: string): Fault {
  return { code: "Request_BadRequest", message };
}
