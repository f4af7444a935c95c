import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { X509Certificate, createPrivateKey } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readKeyPair, requireLive } from "../../../src/stores/certificate/index.js";

/** Every file is made by the openssl program, as administrators make them. */
let dir: string;
const at = (name: string): string => join(dir, name);
const text = (name: string): string => readFileSync(at(name), "utf8");
const openssl = (...args: readonly string[]): Buffer => execFileSync("openssl", args, { cwd: dir, stdio: "pipe" });

function self(name: string, ...key: readonly string[]): void {
  openssl("req", "-x509", ...key, "-nodes", "-keyout", `${name}.key`, "-out", `${name}.crt`, "-subj", `/CN=${name}`);
}

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "photodrift-certificate-"));
  self("app", "-newkey", "rsa:2048");
  self("other", "-newkey", "rsa:2048");
  self("curve", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1");
  openssl("req", "-x509", "-key", "app.key", "-out", "longer.crt", "-subj", "/CN=longer", "-days", "900");
  openssl("pkcs8", "-topk8", "-in", "app.key", "-out", "new.key", "-passout", "pass:geheim");
  openssl("rsa", "-in", "app.key", "-aes256", "-traditional", "-out", "old.key", "-passout", "pass:geheim");
  openssl("rsa", "-in", "app.key", "-traditional", "-out", "rsa.key");
  openssl("x509", "-in", "app.crt", "-outform", "der", "-out", "app.cer");
  const pfx = ["pkcs12", "-export", "-inkey", "app.key", "-in", "app.crt", "-certfile", "other.crt"];
  openssl(...pfx, "-out", "aes.pfx", "-passout", "pass:geheim");
  openssl(...pfx, "-out", "umlaut.pfx", "-passout", "pass:schlüssel");
  openssl(...pfx, "-out", "empty.pfx", "-passout", "pass:");
  openssl(...pfx, "-out", "legacy.pfx", "-passout", "pass:geheim", "-legacy");
  openssl(...pfx, "-out", "nomac.pfx", "-passout", "pass:geheim", "-nomac");
  openssl("pkcs12", "-export", "-nokeys", "-in", "app.crt", "-out", "keyless.pfx", "-passout", "pass:geheim");
  openssl("pkcs12", "-export", "-inkey", "curve.key", "-in", "curve.crt", "-out", "ec.pfx", "-passout", "pass:geheim");
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

type Content = () => string | Buffer;
const together =
  (...names: readonly string[]): Content =>
  () =>
    names.map(text).join("");
const file =
  (name: string): Content =>
  () =>
    readFileSync(at(name));
const bags = (name: string): string =>
  `Bag Attributes\r\n    friendlyName: ü\r\n${text(name).replaceAll("\n", "\r\n")}`;

describe("the certificate that belongs to the key", () => {
  const files: readonly (readonly [string, Content, string | null, string?])[] = [
    ["certificate, key", together("app.crt", "app.key"), null],
    ["key, certificate", together("app.key", "app.crt"), null],
    ["a foreign certificate first", together("other.crt", "app.key", "app.crt"), null],
    ["a foreign certificate last", together("app.crt", "other.crt", "app.key"), null],
    ["the one that is valid longest", together("app.crt", "longer.crt", "app.key"), null, "CN=longer"],
    ["a second key that belongs to nothing here", together("curve.key", "app.crt", "app.key"), null],
    ["an encrypted key beside the plain one", together("new.key", "app.crt", "app.key"), null],
    ["a curve's pair before", together("curve.crt", "curve.key", "app.crt", "app.key"), null],
    ["the RSA form of the key", together("rsa.key", "app.crt"), null],
    ["a UTF-8 byte order mark", () => `\uFEFF${text("app.crt")}${text("app.key")}`, null],
    ["UTF-16 with a mark", () => Buffer.from(`\uFEFF${text("app.crt")}${text("app.key")}`, "utf16le"), null],
    ["UTF-16 without", () => Buffer.from(`${text("app.crt")}${text("app.key")}`, "utf16le"), null],
    [
      "UTF-16, the other order",
      () => Buffer.from(`\uFEFF${text("app.crt")}${text("app.key")}`, "utf16le").swap16(),
      null,
    ],
    ["bag attributes and Windows line ends", () => bags("app.crt") + bags("app.key"), null],
    ["an indented file", () => `${text("app.crt")}${text("app.key")}`.replaceAll(/^/gm, "  "), null],
    ["PKCS#8, encrypted", together("app.crt", "new.key"), "geheim"],
    ["Proc-Type, encrypted", together("old.key", "app.crt"), "geheim"],
    ["a password that is not needed", together("app.crt", "app.key"), "geheim"],
    ["PFX, AES", file("aes.pfx"), "geheim"],
    ["PFX, a password beyond ASCII", file("umlaut.pfx"), "schlüssel"],
    ["PFX, an empty password", file("empty.pfx"), null],
    ["PFX, 3DES and RC2", file("legacy.pfx"), "geheim"],
    ["PFX without a checksum", file("nomac.pfx"), "geheim"],
  ];

  it.each(files.map(([name, content, password, subject = "CN=app"]) => [name, content, password, subject] as const))(
    "%s",
    async (_, content, password, subject) => {
      writeFileSync(at("in"), content());
      const { certificate, pem } = await readKeyPair(at("in"), password);

      expect(certificate.subject).toBe(subject);
      expect(new X509Certificate(pem).checkPrivateKey(createPrivateKey(pem))).toBe(true);
      expect(new X509Certificate(pem).subject).toBe(subject);
      expect(pem).toContain("-----BEGIN PRIVATE KEY-----");
    },
  );
});

describe("a file that cannot be used is refused with what is wrong", () => {
  const damaged = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";

  it.each<readonly [string, Content, string | null, RegExp]>([
    ["PKCS#8, no password", together("app.crt", "new.key"), null, /encrypted.*credential\.certificatePassword/],
    ["Proc-Type, no password", together("app.crt", "old.key"), null, /encrypted.*credential\.certificatePassword/],
    ["PFX, no password", file("aes.pfx"), null, /encrypted.*credential\.certificatePassword/],
    ["PKCS#8, wrong password", together("app.crt", "new.key"), "x", /does not open/],
    ["Proc-Type, wrong password", together("app.crt", "old.key"), "x", /does not open/],
    ["PFX, wrong password", file("aes.pfx"), "x", /does not open/],
    ["PFX, wrong password beyond ASCII", file("aes.pfx"), "ü", /does not open/],
    ["PFX without a key", file("keyless.pfx"), "geheim", /only a certificate/],
    ["PFX of a curve", file("ec.pfx"), "geheim", /kind EC.*RSA/],
    ["a curve", together("curve.crt", "curve.key"), null, /kind EC.*RSA/],
    ["a key of another certificate", together("other.crt", "app.key"), null, /belongs to none.*CN=other/],
    ["only a certificate", together("app.crt"), null, /only a certificate/],
    ["only a certificate, binary", file("app.cer"), null, /only a certificate/],
    ["only a key", together("app.key"), null, /only a private key/],
    ["only an encrypted key", together("old.key"), null, /encrypted/],
    ["a damaged key", () => text("app.crt") + damaged, null, /private key that is damaged/],
    [
      "a damaged certificate",
      () => text("app.key") + damaged.replaceAll("PRIVATE KEY", "CERTIFICATE"),
      null,
      /certificate that is damaged/,
    ],
    [
      "a key that ends in the middle",
      () => text("app.crt") + text("app.key").slice(0, 400),
      null,
      /only a certificate/,
    ],
    [
      "another PEM",
      () => "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
      null,
      /neither a certificate nor/,
    ],
    ["garbage", () => Buffer.from([0x30, 0x82, 1, 2, 3, 4]), null, /neither PEM nor PFX/],
    ["nothing", () => "", null, /neither PEM nor PFX/],
  ])("%s", async (_, content, password, words) => {
    writeFileSync(at("in"), content());
    const error: unknown = await readKeyPair(at("in"), password).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code: "certificate-unreadable", errorClass: "usage" });
    expect(error instanceof Error && "hint" in error ? `${error.message} ${String(error.hint)}` : "").toMatch(words);
  });

  it("a file that is not there, a folder", async () => {
    await expect(readKeyPair(at("missing"), null)).rejects.toThrow(/no such file/);
    await expect(readKeyPair(dir, null)).rejects.toThrow(/directory/);
  });
});

describe("the life of the certificate", () => {
  it("is checked before the login is asked", async () => {
    writeFileSync(at("in"), together("app.crt", "app.key")());
    const pair = await readKeyPair(at("in"), null);
    const [begins, ends] = [Date.parse(pair.certificate.validFrom), Date.parse(pair.certificate.validTo)];
    const code = (now: number) => () => requireLive(pair, "app.pem", now);

    expect(code(begins)).not.toThrow();
    expect(code(ends - 1)).not.toThrow();
    expect(code(ends)).toThrow(expect.objectContaining({ code: "certificate-expired" }) as Error);
    expect(code(begins - 1)).toThrow(expect.objectContaining({ code: "certificate-early" }) as Error);
  });
});
