import "reflect-metadata"; // needed by @peculiar/x509 before it loads
import { createPrivateKey, randomBytes, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

/** PEM texts of everything a sandbox needs to speak TLS and to check an application's certificate. */
export interface CertificateSet {
  readonly caPem: string;
  readonly serverCertificatePem: string;
  readonly serverKeyPem: string;
  readonly appCertificatePem: string;
  readonly appKeyPem: string;
}

const EC = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const RSA = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
} as const;
const DAY = 86_400_000;

/**
 * Makes a CA, a server certificate for 127.0.0.1, ::1 and localhost, and the self-signed certificate of the application (RSA, as Entra wants it
 * for PS256 assertions). Valid from yesterday for two years. The CA's key is thrown away: nothing else can ever be signed with it.
 */
export async function makeCertificates(now: number): Promise<CertificateSet> {
  x509.cryptoProvider.set(webcrypto);
  const notBefore = new Date(now - DAY);
  const notAfter = new Date(now + 730 * DAY);
  const [caKeys, serverKeys, appKeys] = await Promise.all([
    webcrypto.subtle.generateKey(EC, true, ["sign", "verify"]),
    webcrypto.subtle.generateKey(EC, true, ["sign", "verify"]),
    webcrypto.subtle.generateKey(RSA, true, ["sign", "verify"]),
  ]);
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: "CN=photodrift sandbox CA",
    notBefore,
    notAfter,
    signingAlgorithm: EC,
    keys: caKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  });
  const server = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: "CN=photodrift sandbox",
    issuer: ca.subject,
    notBefore,
    notAfter,
    signingAlgorithm: EC,
    publicKey: serverKeys.publicKey,
    signingKey: caKeys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: "ip", value: "127.0.0.1" },
        { type: "ip", value: "::1" },
        { type: "dns", value: "localhost" },
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(ca),
    ],
  });
  const app = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: "CN=photodrift sandbox application",
    notBefore,
    notAfter,
    signingAlgorithm: RSA,
    keys: appKeys,
  });
  return {
    caPem: pemOf(ca),
    serverCertificatePem: pemOf(server),
    serverKeyPem: await keyPem(serverKeys.privateKey),
    appCertificatePem: pemOf(app),
    appKeyPem: await keyPem(appKeys.privateKey),
  };
}

/** Positive, 16 bytes, never with a leading zero (RFC 5280 4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString("hex");
}

function pemOf(certificate: x509.X509Certificate): string {
  return `${certificate.toString("pem")}\n`;
}

async function keyPem(key: webcrypto.CryptoKey): Promise<string> {
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key));
  return createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" }).export({
    type: "pkcs8",
    format: "pem",
  }) as string;
}
