import { readFile } from "node:fs/promises";
import { X509Certificate } from "node:crypto";
import type { CredentialConfig } from "../../model/index.js";
import type { Probe } from "../../stores/index.js";

const DAY_MS = 86_400_000;
const WARN_DAYS = 30;

/** Days until the certificate ends. Null for credentials without one, and for files that the credential's own check explains. */
export async function certificateProbe(credential: CredentialConfig, now: number): Promise<Probe | null> {
  if (credential.kind !== "certificate") return null;
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(await readFile(credential.certificatePath));
  } catch {
    return null;
  }
  return lifeProbe(Date.parse(certificate.validFrom), Date.parse(certificate.validTo), now);
}

/** @param begins @param ends @param now milliseconds since 1970 */
export function lifeProbe(begins: number, ends: number, now: number): Probe {
  const name = "certificate";
  const cure = "make a new one with `photodrift setup --renew` (with --yes it is added to the app registration too)";
  const day = new Date(ends).toISOString().slice(0, 10);
  if (now < begins) {
    const from = new Date(begins).toISOString();
    return {
      name,
      ok: false,
      detail: `not valid before ${from}`,
      cure: "set the clock of this machine right, or wait",
    };
  }
  if (now >= ends) return { name, ok: false, detail: `ended on ${day}`, cure };
  const days = Math.floor((ends - now) / DAY_MS);
  const detail = `ends in ${days} days, on ${day}`;
  return days < WARN_DAYS ? { name, ok: true, warning: true, detail, cure } : { name, ok: true, detail, cure: "" };
}
