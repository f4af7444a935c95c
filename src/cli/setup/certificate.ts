import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Secret } from "../../model/secret.js";
import { PhotodriftError } from "../../model/errors.js";
import { makeCertificate, publicCertificate, type PublicCertificate } from "../../setup/index.js";
import { readKeyPair } from "../../stores/index.js";

export interface SetupCertificate {
  readonly certificate: PublicCertificate;
  /** Absolute; what `credential.certificatePath` names. */
  readonly path: string;
  readonly isNew: boolean;
}

export interface CertificateWish {
  /** Folder of the configuration. */
  readonly folder: string;
  /** What the configuration names, absolute. */
  readonly configured: string | null;
  /** Of the file that the configuration names, or of `--from`. */
  readonly password: Secret | null;
  /** `--from`, absolute. */
  readonly from: string | null;
  readonly renew: boolean;
  readonly name: string;
  readonly now: number;
}

/**
 * The certificate to register: the one of `--from`, the one that is there, or a new one in a file of its owner only. A key that exists is
 * never overwritten. Throws PhotodriftError (usage).
 */
export async function setupCertificate(wish: CertificateWish): Promise<SetupCertificate> {
  if (wish.from !== null) return existing(wish.from, wish);
  const usual = wish.configured ?? join(wish.folder, "app.pem");
  if (!wish.renew && existsSync(usual)) return existing(usual, wish);
  const path = wish.renew ? join(wish.folder, `app-${new Date(wish.now).toISOString().slice(0, 10)}.pem`) : usual;
  const made = await makeCertificate(wish.name, wish.now);
  writeKey(path, `${made.certificate.pem}${made.keyPem}`);
  return { certificate: made.certificate, path, isNew: true };
}

/** PEM or PFX; of several certificates the one that belongs to the private key. */
async function existing(
  path: string,
  { password, now }: Pick<CertificateWish, "password" | "now">,
): Promise<SetupCertificate> {
  const pair = await readKeyPair(path, password?.reveal() ?? null);
  const certificate = publicCertificate(pair.certificate.toString());
  if (certificate.notAfter.getTime() <= now) {
    throw new PhotodriftError(
      "certificate-ended",
      `The certificate in ${path} ended on ${certificate.notAfter.toISOString().slice(0, 10)}.`,
      "Make a new one with `photodrift setup --renew`.",
      "usage",
    );
  }
  return { certificate, path, isNew: false };
}

function writeKey(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: "wx", mode: 0o600 });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    const exists = code === "EEXIST";
    throw new PhotodriftError(
      exists ? "certificate-exists" : "certificate-unwritable",
      exists ? `${path} exists already; a key is never overwritten.` : `${path} cannot be written (${code}).`,
      exists ? "Move it away first." : "Choose a folder that this account may write to, with --config.",
      "usage",
    );
  }
}
