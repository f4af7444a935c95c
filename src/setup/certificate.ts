import "reflect-metadata"; // needed by @peculiar/x509 before it loads
import { createHash, createPrivateKey, randomBytes, webcrypto, X509Certificate } from "node:crypto";
import * as x509 from "@peculiar/x509";

const DAY_MS = 86_400_000;
const VALID_DAYS = 365;
/** A machine whose clock runs a little behind must not find the certificate in the future. */
const BEGINS_BEFORE_MS = 3_600_000;

const RSA = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength: 3072,
  publicExponent: new Uint8Array([1, 0, 1]),
} as const;

/** The public part of an application's certificate. */
export interface PublicCertificate {
  /** PEM text with one certificate. */
  readonly pem: string;
  /** DER, base64 without line breaks: the `key` of a keyCredential. */
  readonly base64: string;
  /** SHA-1 of the DER, upper-case hex, as the portal shows it. */
  readonly thumbprint: string;
  readonly subject: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export interface MadeCertificate {
  readonly certificate: PublicCertificate;
  /** PKCS#8 PEM, unencrypted: goes into a file of its owner only. */
  readonly keyPem: string;
}

/**
 * Makes an RSA key of 3072 bits and a self-signed certificate of one year for client assertions.
 * @param name common name @param now milliseconds since 1970
 */
export async function makeCertificate(name: string, now: number): Promise<MadeCertificate> {
  x509.cryptoProvider.set(webcrypto);
  const keys = await webcrypto.subtle.generateKey(RSA, true, ["sign", "verify"]);
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [name] }],
    notBefore: new Date(now - BEGINS_BEFORE_MS),
    notAfter: new Date(now + VALID_DAYS * DAY_MS),
    signingAlgorithm: RSA,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
  const key = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  return {
    certificate: publicCertificate(made.toString("pem")),
    keyPem: key.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** Reads the first certificate of a PEM text. Throws Error where there is none. */
export function publicCertificate(pem: string): PublicCertificate {
  const read = new X509Certificate(pem);
  const base64 = read.raw.toString("base64");
  return {
    pem: `-----BEGIN CERTIFICATE-----\n${(base64.match(/.{1,64}/g) ?? []).join("\n")}\n-----END CERTIFICATE-----\n`,
    base64,
    thumbprint: createHash("sha1").update(read.raw).digest("hex").toUpperCase(),
    subject: read.subject.replaceAll("\n", ", "),
    notBefore: new Date(read.validFrom),
    notAfter: new Date(read.validTo),
  };
}

/** Positive, 16 bytes, never with a leading zero (RFC 5280 4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString("hex");
}
