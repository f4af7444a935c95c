import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";

/** What a file holds: what could be read, and why the rest could not. */
export interface Found {
  readonly certificates: readonly X509Certificate[];
  readonly keys: readonly KeyObject[];
  /** Why a part of the file is of no use, most telling first. */
  readonly troubles: readonly Trouble[];
}

export type Trouble =
  | { readonly kind: "encrypted" }
  | { readonly kind: "wrong-password" }
  | { readonly kind: "damaged"; readonly what: string };

/** Text of the file, or null where it is binary. UTF-8 and UTF-16, with or without a byte order mark, as Windows programs save PEM. */
export function pemText(bytes: Buffer): string | null {
  const [first, second] = bytes;
  const little = (first === 0xff && second === 0xfe) || (first === 0x2d && second === 0);
  const big = (first === 0xfe && second === 0xff) || (first === 0 && second === 0x2d);
  const encoding = little ? "utf-16le" : big ? "utf-16be" : "utf-8";
  const text = new TextDecoder(encoding).decode(bytes);
  return text.includes("-----BEGIN ") ? text : null;
}

interface Block {
  readonly label: string;
  readonly text: string;
}

/**
 * Certificates and private keys of a PEM text in their order; other blocks and what stands between them are passed over (RFC 7468).
 * @param password of encrypted keys (PKCS#8 and the older Proc-Type form), null where none is known
 */
export function readPem(text: string, password: string | null): Found {
  const certificates: X509Certificate[] = [];
  const keys: KeyObject[] = [];
  const troubles: Trouble[] = [];
  for (const block of blocksOf(text)) {
    if (/^(?:X509 |TRUSTED )?CERTIFICATE$/.test(block.label)) {
      const read = attempt(() => new X509Certificate(block.text));
      if (read === null) troubles.push({ kind: "damaged", what: "certificate" });
      else certificates.push(read);
    } else if (block.label.endsWith("PRIVATE KEY")) {
      const read = readKey(block, password);
      if ("kind" in read) troubles.push(read);
      else keys.push(read.key);
    }
  }
  return { certificates, keys, troubles };
}

function readKey({ label, text }: Block, password: string | null): { readonly key: KeyObject } | Trouble {
  const encrypted = label.startsWith("ENCRYPTED ") || /^Proc-Type:\s*4,\s*ENCRYPTED/m.test(text);
  if (encrypted && password === null) return { kind: "encrypted" };
  const key = attempt(() => createPrivateKey({ key: text, format: "pem", passphrase: password ?? "" }));
  if (key !== null) return { key };
  return encrypted ? { kind: "wrong-password" } : { kind: "damaged", what: label.toLowerCase() };
}

function blocksOf(text: string): readonly Block[] {
  const lines = text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .join("\n");
  return [...lines.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----\n[\s\S]*?-----END \1-----/g)].map(([block, label = ""]) => ({
    label,
    text: `${block}\n`,
  }));
}

/** The value, or null where it throws. */
export function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
