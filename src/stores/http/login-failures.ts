import { PhotodriftError } from "../../model/errors.js";
import { EXPIRED_CURE } from "../certificate/index.js";
import { excerpt } from "./redact.js";
import { messageOf } from "../../model/caught.js";

/** What to do about the errors of the login (learn.microsoft.com/entra/identity-platform/reference-error-codes). */
const CURES: Readonly<Record<string, readonly [code: string, hint: string]>> = {
  "7000215": [
    "secret-wrong",
    "the client secret is wrong: set credential.clientSecret to the secret's value (not its id)",
  ],
  "7000222": [
    "secret-expired",
    "the client secret has expired: make a new one in the app registration and set credential.clientSecret",
  ],
  "7000216": ["credential-missing", "the app needs a secret or certificate: set credential.kind and its fields"],
  "700016": ["app-unknown", "this tenant does not know the app: check credential.clientId and tenant.id"],
  "7000112": ["app-disabled", "the app is disabled in this tenant: enable its service principal"],
  "90002": ["tenant-unknown", "there is no such tenant: check tenant.id and tenant.cloud"],
  "900023": ["tenant-unknown", "tenant.id is neither a GUID nor a domain of a tenant"],
  "700027": [
    "certificate-wrong",
    "the certificate is not one of the app registration's: upload credential.certificatePath's certificate there",
  ],
  "700024": ["assertion-expired", "the assertion is out of its time: set the clock of this machine right"],
  "700212": ["assertion-wrong", "no federated credential of the app matches this token's audience"],
  "700213": ["assertion-wrong", "no federated credential of the app matches this token's subject"],
  "70021": ["assertion-wrong", "no federated credential of the app matches this token: add one for this workload"],
  "500011": [
    "resource-unknown",
    "the tenant does not know this service: check tenant.name, tenant.cloud and tenant.endpoints",
  ],
  "70011": [
    "resource-unknown",
    "the tenant does not know this service: check tenant.name, tenant.cloud and tenant.endpoints",
  ],
  "65001": ["consent-missing", "grant admin consent for the app's permissions"],
  "53003": ["blocked", "a Conditional Access policy blocks the app: exempt its workload identity"],
};

/** The AADSTS number in an error of the login library, which keeps it in its message only; "" where there is none. */
export function loginCode(error: unknown): string {
  const message = messageOf(error);
  return /AADSTS(\d+)/.exec(message)?.[1] ?? /Error\(s\):\s*(\d+)/.exec(message)?.[1] ?? "";
}

/** True where the login says that it does not know the resource that a token was asked for. */
export function unknownResource(error: unknown): boolean {
  return ["500011", "70011", "650052", "650057", "500014"].includes(loginCode(error));
}

/** The error of a login, with its cure. */
export function loginFailure(error: unknown, login: string, audience: string): PhotodriftError {
  const own = ownFailure(error);
  if (own !== null) return own;
  const number = loginCode(error);
  const [code, hint] = expiredCertificate(number, error) ??
    CURES[number] ?? [
      "login-failed",
      "check credential and tenant.id; photodrift doctor tries every service one by one",
    ];
  const host = new URL(login).host;
  const said = excerpt(firstSentence(messageOf(error)));
  const label = number === "" ? said : `AADSTS${number}: ${said.replace(/^AADSTS\d+:\s*/, "")}`;
  return new PhotodriftError(code, `cannot get a token for ${audience} from ${host}: ${label}`, hint, "failed");
}

/** AADSTS700027 has several reasons, told in words only; an expired certificate needs a new one, not an upload. */
function expiredCertificate(number: string, error: unknown): readonly [code: string, hint: string] | null {
  const message = messageOf(error);
  if (number !== "700027" || !/\bexpired\b/i.test(message)) return null;
  return ["certificate-expired", EXPIRED_CURE];
}

/** The door's own error, wrapped by the login library: the most exact there is. */
function ownFailure(error: unknown): PhotodriftError | null {
  let at: unknown = error;
  for (let depth = 0; depth < 6 && at instanceof Error; depth++) {
    if (at instanceof PhotodriftError) return at;
    at = at.cause ?? (at as { error?: unknown }).error;
  }
  return null;
}

/** Without trace ids and time, and without the library's preamble. */
function firstSentence(message: string): string {
  const description = /Description:\s*([\s\S]*?)(?:\s+-\s+Correlation ID|\s*Trace ID:|$)/.exec(message)?.[1];
  const text = description ?? message;
  return text.replace(/\s*Trace ID:[\s\S]*$/, "").trim();
}
