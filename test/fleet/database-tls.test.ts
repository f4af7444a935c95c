import forge from "node-forge";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openFleetDatabase } from "../../src/state/postgres/index.js";
import { hasPostgres, startPostgres, type TestPostgres } from "../support/postgres.js";

interface Signed {
  readonly key: string;
  readonly certificate: string;
  readonly pair: forge.pki.rsa.KeyPair;
}

/** A certificate for localhost, or an authority, valid for a day; signed by the authority's key, or by its own. */
function signed(name: string, authority: Signed | null): Signed {
  const pair = forge.pki.rsa.generateKeyPair(2048);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = pair.publicKey;
  certificate.serialNumber = "01";
  certificate.validity.notBefore = new Date(Date.now() - 3_600_000);
  certificate.validity.notAfter = new Date(Date.now() + 86_400_000);
  certificate.setSubject([{ name: "commonName", value: name }]);
  certificate.setIssuer([{ name: "commonName", value: "an authority" }]);
  certificate.setExtensions(
    authority === null
      ? [{ name: "basicConstraints", cA: true, critical: true }]
      : [{ name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] }],
  );
  certificate.sign((authority?.pair ?? pair).privateKey, forge.md.sha256.create());
  return {
    key: forge.pki.privateKeyToPem(pair.privateKey),
    certificate: forge.pki.certificateToPem(certificate),
    pair,
  };
}

describe.skipIf(!(await hasPostgres()))("TLS to the fleet's database (needs PostgreSQL)", () => {
  const authority = signed("an authority", null);
  const other = signed("an authority", null);
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres(signed("localhost", authority));
  }, 60_000);
  afterAll(() => server.stop());

  /** Whether the connection is encrypted, or the code of its failure. */
  async function ask(host: string, query: string, ca?: string): Promise<string> {
    const database = openFleetDatabase(`${server.url.replace("127.0.0.1", host)}${query}`, { ca });
    try {
      await database.migrate();
      const { rows } = await database.pool.query<{ ssl: boolean }>(
        "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
      );
      return rows[0]?.ssl === true ? "encrypted" : "plain";
    } catch (error) {
      return (error as { code: string }).code;
    } finally {
      await database.close();
    }
  }

  it.each([
    ["a named authority", "localhost", "", authority.certificate, "encrypted"],
    [
      "a named authority, and sslmode in the address",
      "localhost",
      "?sslmode=verify-full",
      authority.certificate,
      "encrypted",
    ],
    [
      "a named authority, and sslmode that would not check",
      "localhost",
      "?sslmode=disable",
      authority.certificate,
      "encrypted",
    ],
    ["another authority", "localhost", "?sslmode=no-verify", other.certificate, "database-untrusted"],
    [
      "another name than the certificate's",
      "127.0.0.1",
      "?sslmode=verify-full",
      authority.certificate,
      "database-untrusted",
    ],
    ["no authority", "localhost", "?sslmode=verify-full", undefined, "database-untrusted"],
  ])("%s", async (_, host, query, ca, end) => {
    expect(await ask(host, query, ca)).toBe(end);
  });
});
