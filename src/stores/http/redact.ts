import { excerpt as plainExcerpt } from "../../model/text.js";

const MASK = "***";

/** Forms in which credentials appear in URLs, bodies and headers of the services. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\bBearer\s+[A-Za-z0-9._~+/=-]+/gi, `Bearer ${MASK}`],
  [/\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?/g, MASK],
  [
    /\b(client_secret|client_assertion|assertion|access_token|refresh_token|password|sig|code)=[^&\s"']+/gi,
    `$1=${MASK}`,
  ],
  [/("(?:client_secret|client_assertion|access_token|refresh_token|password)"\s*:\s*")[^"]*"/gi, `$1${MASK}"`],
  [/\/\/[^/@\s:]+:[^/@\s]+@/g, `//${MASK}@`],
];

/** Masks tokens, secrets, signatures and proxy passwords in a text, and the secrets named besides. */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  for (const secret of secrets) if (secret.length >= 4) clean = clean.replaceAll(secret, MASK);
  for (const [pattern, replacement] of PATTERNS) clean = clean.replace(pattern, replacement);
  return clean;
}

/** One line of at most `limit` characters of a service's words, without secrets, fit for a message. */
export function excerpt(text: string, limit = 300): string {
  return plainExcerpt(redact(text), limit);
}
