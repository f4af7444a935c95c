import type { CredentialConfig } from "../../model/config.js";
import { readKeyPair, type KeyPair, type Probe } from "../../stores/index.js";

const DAY_MS = 86_400_000;
const WARN_DAYS = 30;

/** Days until the certificate ends. Null for credentials without one, and for files that the credential's own check explains. */
export async function certificateProbe(credential: CredentialConfig, now: number): Promise<Probe | null> {
  if (credential.kind !== "certificate") return null;
  let pair: KeyPair;
  try {
    pair = await readKeyPair(credential.certificatePath, credential.certificatePassword?.reveal() ?? null);
  } catch {
    return null;
  }
  const { certificate } = pair;
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
