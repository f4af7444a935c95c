import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { permissionsOf, SERVICE_APP_IDS, type AccessMode } from "../../../src/model/permissions.js";
import {
  applicationBody,
  consentAddress,
  makeCertificate,
  powerShellScript,
  publicCertificate,
  shellScript,
  type PublicCertificate,
  type Registration,
} from "../../../src/setup/index.js";
import { parsePowerShell } from "../../support/powershell.js";

const NOW = Date.parse("2026-11-25T08:00:00Z");
/** The program that tells certificates in its own words. */
const OPENSSL = "openssl";
const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
let certificate: PublicCertificate;
let keyPem: string;

beforeAll(async () => {
  ({ certificate, keyPem } = await makeCertificate("photodrift", NOW));
});

function registration(mode: AccessMode, mail: boolean, more: Partial<Registration> = {}): Registration {
  return {
    displayName: "photodrift",
    mode,
    mail,
    permissions: permissionsOf(mode, mail),
    certificate,
    tenantId: "11111111-2222-3333-4444-555555555555",
    login: "https://login.microsoftonline.com",
    graph: "https://graph.microsoft.com",
    clientId: null,
    ...more,
  };
}

const CASES = [
  ["audit", false],
  ["audit", true],
  ["apply", false],
  ["apply", true],
] as const;

function idsOf(one: Registration): string[] {
  return one.permissions.map(({ id }) => id).sort();
}

describe("certificate", () => {
  it("RSA 3072, one year, self-signed, its key fits", () => {
    const text = spawnSync(OPENSSL, ["x509", "-noout", "-text"], { input: certificate.pem, encoding: "utf8" }).stdout;
    expect(text).toContain("Public-Key: (3072 bit)");
    expect(text).toContain("Digital Signature");
    expect((certificate.notAfter.getTime() - NOW) / 86_400_000).toBeCloseTo(365, 1);
    const modulus = (args: string[], input: string) => spawnSync(OPENSSL, args, { input, encoding: "utf8" }).stdout;
    expect(modulus(["rsa", "-noout", "-modulus"], keyPem)).toBe(
      modulus(["x509", "-noout", "-modulus"], certificate.pem),
    );
  });

  it("is read back from a PEM with key", () => {
    expect(publicCertificate(`${keyPem}${certificate.pem}`)).toEqual(certificate);
    expect(() => publicCertificate(keyPem)).toThrow();
  });
});

describe.each(CASES)("%s, mail %s", (mode, mail) => {
  it("manifest.json asks for exactly the ids of the mode, as roles", () => {
    const one = registration(mode, mail);
    const body = JSON.parse(JSON.stringify(applicationBody(one))) as {
      requiredResourceAccess: { resourceAppId: string; resourceAccess: { id: string; type: string }[] }[];
      keyCredentials: { type: string; usage: string; key: string }[];
    };
    expect(body.requiredResourceAccess.map(({ resourceAppId }) => resourceAppId)).toEqual(
      Object.values(SERVICE_APP_IDS),
    );
    const access = body.requiredResourceAccess.flatMap(({ resourceAccess }) => resourceAccess);
    expect(access.map(({ id }) => id).sort()).toEqual(idsOf(one));
    expect(new Set(access.map(({ type }) => type))).toEqual(new Set(["Role"]));
    expect(body.keyCredentials).toMatchObject([
      { type: "AsymmetricX509Cert", usage: "Verify", key: certificate.base64 },
    ]);
    expect(JSON.stringify(body)).not.toContain("PRIVATE");
  });

  it("register-app.ps1 is PowerShell, with the ids of the mode and no other, and no private key", async () => {
    const one = registration(mode, mail);
    const text = powerShellScript(one);
    const { errors, commands, strings } = await parsePowerShell(text);
    expect(errors).toEqual([]);
    const known = new Set<string>([...Object.values(SERVICE_APP_IDS), one.tenantId ?? ""]);
    expect(strings.filter((word) => word.match(GUID)?.[0] === word && !known.has(word)).sort()).toEqual(idsOf(one));
    expect(strings).toContain(certificate.base64);
    expect(commands).toEqual(
      expect.arrayContaining([
        "Connect-MgGraph",
        "Get-MgApplication",
        "New-MgApplication",
        "Update-MgApplication",
        "Get-MgServicePrincipal",
        "New-MgServicePrincipal",
        "New-MgServicePrincipalAppRoleAssignment",
      ]),
    );
    // eslint-disable-next-line no-control-regex -- plain ASCII is what Windows PowerShell 5 reads right without a mark
    expect(text).toMatch(/^[\x0d\x0a\x20-\x7e]*$/);
    expect(text).not.toContain("PRIVATE");
  });

  it("register-app.sh is a shell script, with the ids of the mode and no other", () => {
    const one = registration(mode, mail);
    const text = shellScript(one);
    expect(spawnSync("bash", ["-n"], { input: text, encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
    const access = JSON.parse(/^ACCESS='(.*)'$/m.exec(text)?.[1] ?? "null") as { resourceAccess: { id: string }[] }[];
    expect(access.flatMap(({ resourceAccess }) => resourceAccess.map(({ id }) => id)).sort()).toEqual(idsOf(one));
    const granted = [...text.matchAll(/^grant "\$RESOURCE" ([0-9a-f-]{36}) /gm)].map(([, id]) => id ?? "");
    expect(granted.sort()).toEqual(idsOf(one));
    expect(text).not.toContain("PRIVATE");
  });
});

it.each([
  ["https://graph.microsoft.com", "Global"],
  ["https://graph.microsoft.us", "USGov"],
  ["https://dod-graph.microsoft.us", "USGovDoD"],
  ["https://microsoftgraph.chinacloudapi.cn", "China"],
])("the PowerShell script signs in to the cloud of %s", async (graph, environment) => {
  const { strings } = await parsePowerShell(powerShellScript(registration("audit", false, { graph })));
  expect(strings).toContain(environment);
});

it.each(["photodrift", "Photos - Zurich (audit)", "a.b_c-d 9"])(
  "a name of many letters stays harmless: %s",
  async (displayName) => {
    const one = registration("audit", false, { displayName });
    expect((await parsePowerShell(powerShellScript(one))).errors).toEqual([]);
    expect(spawnSync("bash", ["-n"], { input: shellScript(one) }).status).toBe(0);
  },
);

it("the consent page is that of the tenant and the application", () => {
  expect(consentAddress(registration("audit", false, { clientId: "app", tenantId: "contoso.com" }))).toBe(
    "https://login.microsoftonline.com/contoso.com/adminconsent?client_id=app",
  );
});

it("register-app.sh does what it says against a stand-in for az, and nothing twice", async () => {
  const dir = await mkdtemp(join(tmpdir(), "photodrift-az-"));
  try {
    // The stand-in keeps a list of calls, and answers as az does with --output tsv: empty where there is nothing.
    const standIn = [
      "#!/usr/bin/env bash",
      `echo "$*" >>'${dir}/calls'`,
      'case "$1 $2 $3" in',
      `  "ad app list") cat '${dir}/app' 2>/dev/null || true ;;`,
      `  "ad app create") echo new-app | tee '${dir}/app' ;;`,
      `  "ad app credential") if [ "$4" = list ]; then cat '${dir}/key' 2>/dev/null || true; else echo ${certificate.thumbprint} >'${dir}/key'; fi ;;`,
      `  "ad sp create") touch '${dir}/sp' ;;`,
      `  "ad sp show") case "$5" in new-app) if [ -e '${dir}/sp' ]; then echo principal; else exit 3; fi ;; *) echo "resource-$5" ;; esac ;;`,
      `  "rest --method GET") if grep -q "rest --method POST" '${dir}/before' 2>/dev/null; then echo there; fi ;;`,
      "esac",
      "",
    ].join("\n");
    await writeFile(join(dir, "az"), standIn, { mode: 0o755 });
    await writeFile(join(dir, "register-app.sh"), shellScript(registration("apply", false)));
    const run = () =>
      spawnSync("bash", [join(dir, "register-app.sh")], {
        encoding: "utf8",
        env: { ...process.env, PATH: `${dir}:${process.env["PATH"] ?? ""}` },
      });
    const first = run();
    expect(first.stderr).toBe("");
    expect(first.stdout).toContain("Next: photodrift setup --client-id new-app");
    const calls = await readFile(join(dir, "calls"), "utf8");
    const posts = calls.split("\n").filter((line) => line.startsWith("rest --method POST"));
    expect(posts).toHaveLength(7);
    expect(posts[0]).toContain('"principalId":"principal"');
    await writeFile(join(dir, "before"), calls);
    await rm(join(dir, "calls"));
    expect(run().status).toBe(0);
    const again = await readFile(join(dir, "calls"), "utf8");
    expect(again).not.toMatch(/create|POST|credential reset/);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
