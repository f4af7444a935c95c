import { readFile } from "node:fs/promises";
import { X509Certificate, type KeyObject } from "node:crypto";
import { PhotodriftError } from "../../model/errors.js";
import { systemReason } from "../../model/system-errors.js";
import { attempt, pemText, readPem, type Found, type Trouble } from "./pem.js";
import { readPfx } from "./pfx.js";

/** An application's certificate with the private key that belongs to it. */
export interface KeyPair {
  readonly certificate: X509Certificate;
  /** PEM text: the certificate first, the file's other certificates, the key unencrypted. A secret. */
  readonly pem: string;
}

/**
 * Reads the file of `credential.certificatePath`: PEM (UTF-8 or UTF-16, key encrypted or not) or PFX. Of its certificates the one that
 * belongs to the private key is taken wherever it stands, of several that do the one that is valid longest.
 * @param password of the key or the PFX, null where none is configured
 * Throws PhotodriftError `certificate-unreadable` (usage), saying what is wrong.
 */
export async function readKeyPair(path: string, password: string | null): Promise<KeyPair> {
  const found = await readFound(path, password);
  const pairs = found.keys
    .flatMap((key) =>
      found.certificates.filter((each) => each.checkPrivateKey(key)).map((certificate) => ({ certificate, key })),
    )
    .sort((a, b) => endOf(b.certificate) - endOf(a.certificate));
  const pair = pairs.find(({ key }) => key.asymmetricKeyType === "rsa");
  if (pair === undefined) throw lacking(path, found, pairs[0]?.key);
  const others = found.certificates.filter((each) => each !== pair.certificate);
  const key = pair.key.export({ type: "pkcs8", format: "pem" }).toString();
  const certificates = [pair.certificate, ...others].map(String).join("");
  return { certificate: pair.certificate, pem: `${certificates}${key}` };
}

/**
 * Throws PhotodriftError `certificate-expired` or `certificate-early` where the certificate cannot be used at that time.
 * @param now milliseconds since 1970
 */
export function requireLive({ certificate }: KeyPair, path: string, now: number): void {
  const clock = `this machine's clock says ${new Date(now).toISOString()}`;
  const begins = Date.parse(certificate.validFrom);
  if (now >= endOf(certificate)) {
    const ended = new Date(endOf(certificate)).toISOString();
    throw new PhotodriftError(
      "certificate-expired",
      `the certificate in ${path} has expired: it ended at ${ended}, ${clock}`,
      EXPIRED_CURE,
    );
  }
  if (now < begins) {
    throw new PhotodriftError(
      "certificate-early",
      `the certificate in ${path} is not valid before ${new Date(begins).toISOString()}, ${clock}`,
      "set the clock of this machine right, or wait",
    );
  }
}

export const EXPIRED_CURE =
  "an expired certificate is replaced, not renewed: make a new one (`photodrift setup --renew`), add it to the app registration and name it under credential.certificatePath";

function endOf(certificate: X509Certificate): number {
  return Date.parse(certificate.validTo);
}

async function readFound(path: string, password: string | null): Promise<Found> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const hint = "check its name (credential.certificatePath, or --from of setup) and the rights of the file";
    throw refused(`the certificate file ${path} cannot be read: ${systemReason(error)}`, hint);
  }
  const text = pemText(bytes);
  if (text !== null) return readPem(text, password);
  const pfx = await readPfx(bytes, password);
  if (pfx !== null) return pfx;
  const certificate = attempt(() => new X509Certificate(bytes));
  if (certificate !== null) return { certificates: [certificate], keys: [], troubles: [] };
  throw refused(`the certificate file ${path} is neither PEM nor PFX`, ONE_FILE);
}

const ONE_FILE =
  "make one file of certificate and private key: PEM, one after the other, or PFX with credential.certificatePassword";

function lacking(
  path: string,
  { certificates, keys, troubles }: Found,
  pairedKey: KeyObject | undefined,
): PhotodriftError {
  const file = `the certificate file ${path}`;
  if (pairedKey !== undefined) {
    const kind = (pairedKey.asymmetricKeyType ?? "unknown").toUpperCase();
    const cure = "make an RSA key with its certificate: `photodrift setup --renew`";
    return refused(`${file} holds a key of the kind ${kind}, and the login takes RSA keys only`, cure);
  }
  const trouble = keys.length === 0 ? troubles.find(({ kind }) => kind !== "damaged") : undefined;
  if (trouble !== undefined) return locked(file, trouble.kind);
  const damaged = troubles.find((each): each is Trouble & { kind: "damaged" } => each.kind === "damaged");
  if (damaged !== undefined)
    return refused(`${file} holds a ${damaged.what} that is damaged or of an unknown form`, ONE_FILE);
  if (certificates.length === 0 && keys.length === 0) {
    return refused(`${file} holds neither a certificate nor a private key`, ONE_FILE);
  }
  if (certificates.length === 0) {
    return refused(`${file} holds only a private key, and no certificate (-----BEGIN CERTIFICATE-----)`, ONE_FILE);
  }
  if (keys.length === 0) {
    return refused(`${file} holds only a certificate: it holds no private key (-----BEGIN PRIVATE KEY-----)`, ONE_FILE);
  }
  const named = certificates.map(({ subject }) => subject.replaceAll("\n", ", ")).join("; ");
  return refused(
    `${file} holds a private key that belongs to none of its certificates (${named})`,
    "put the certificate that was made with this key into the file, or make both anew with `photodrift setup --renew`",
  );
}

function locked(file: string, kind: Trouble["kind"]): PhotodriftError {
  return kind === "encrypted"
    ? refused(
        `${file}: its private key is encrypted, and no password is configured`,
        "set credential.certificatePassword: ${NAME} and put the password of the key into that environment variable",
      )
    : refused(
        `${file}: its private key is encrypted, and credential.certificatePassword does not open it`,
        "check the password in the environment variable that credential.certificatePassword names",
      );
}

function refused(message: string, hint: string): PhotodriftError {
  return new PhotodriftError("certificate-unreadable", message, hint, "usage");
}
