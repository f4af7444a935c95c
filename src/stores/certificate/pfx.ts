import { createPrivateKey, X509Certificate } from "node:crypto";
import type forge from "node-forge";
import { attempt, type Found } from "./pem.js";

type Forge = typeof forge;

/**
 * Certificates and private keys of a PFX (PKCS#12, RFC 7292): AES (PBES2) as OpenSSL 3 and Windows write it, and the older 3DES and RC2.
 * Null where the bytes are no PFX. The library opens the container only; keys and certificates are read by Node.
 */
export async function readPfx(bytes: Buffer, password: string | null): Promise<Found | null> {
  const { default: library } = await import("node-forge");
  const container = attempt(() => library.asn1.fromDer(library.util.createBuffer(bytes.toString("latin1"))));
  if (container === null || !looksLikePfx(library, container)) return null;
  const opened = open(library, container, password ?? "");
  if (opened === null) {
    return { certificates: [], keys: [], troubles: [{ kind: password === null ? "encrypted" : "wrong-password" }] };
  }
  const bags = opened.safeContents.flatMap(({ safeBags }) => safeBags);
  const { oids, certificateToAsn1, privateKeyToAsn1, wrapRsaPrivateKey } = library.pki;
  const der = (value: forge.asn1.Asn1): Buffer => Buffer.from(library.asn1.toDer(value).getBytes(), "latin1");
  return {
    certificates: bags.flatMap(({ type, cert, asn1 }) => {
      if (type !== oids["certBag"]) return [];
      const read = attempt(() => new X509Certificate(der(cert == null ? asn1 : certificateToAsn1(cert))));
      return read === null ? [] : [read];
    }),
    keys: bags.flatMap(({ type, key, asn1 }) => {
      if (type !== oids["pkcs8ShroudedKeyBag"] && type !== oids["keyBag"]) return [];
      const pkcs8 = key == null ? asn1 : wrapRsaPrivateKey(privateKeyToAsn1(key));
      const read = attempt(() => createPrivateKey({ key: der(pkcs8), format: "der", type: "pkcs8" }));
      return read === null ? [] : [read];
    }),
    troubles: [],
  };
}

/** SEQUENCE { version 3, contentInfo, macData? } */
function looksLikePfx(library: Forge, { type, value }: forge.asn1.Asn1): boolean {
  if (type !== library.asn1.Type.SEQUENCE || typeof value === "string" || value.length < 2) return false;
  const [version, content] = value;
  return version?.type === library.asn1.Type.INTEGER && version.value === "\u0003" && content?.constructed === true;
}

/**
 * The checksum takes the password as UTF-16, AES encryption takes it as UTF-8; the library knows one form at a time. Beyond ASCII the container is
 * therefore opened without its checksum: a wrong password shows in the padding.
 */
function open(library: Forge, container: forge.asn1.Asn1, password: string): forge.pkcs12.Pkcs12Pfx | null {
  const opened = attempt(() => library.pkcs12.pkcs12FromAsn1(container, false, password));
  if (opened !== null || /^[\x20-\x7e]*$/.test(password) || typeof container.value === "string") return opened;
  const { tagClass, type, constructed, value } = container;
  const bare = library.asn1.create(tagClass, type, constructed, value.slice(0, 2));
  return attempt(() => library.pkcs12.pkcs12FromAsn1(bare, false, library.util.encodeUtf8(password)));
}
