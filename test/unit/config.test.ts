import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "../../src/config/load.js";
import { reportsFolderOf } from "../../src/config/reports-folder.js";
import { ConfigError, formatProblem } from "../../src/config/problems.js";
import { starterConfig } from "../../src/config/starter.js";
import type { Config } from "../../src/model/config.js";
import { CHANNEL_KINDS } from "../../src/model/notify.js";

const GUID = "6f3c0d5e-1111-2222-3333-444455556666";
let folder: string;
let count = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "photodrift-config-"));
  writeFileSync(join(folder, "app.pem"), "-----BEGIN CERTIFICATE-----\n");
  writeFileSync(join(folder, "ca.pem"), "-----BEGIN CERTIFICATE-----\n");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(text: string | Buffer): string {
  const path = join(folder, `c${count++}.yaml`);
  writeFileSync(path, text);
  return path;
}

function load(text: string | Buffer, env: NodeJS.ProcessEnv = {}): Config {
  return loadConfig(write(text), env);
}

/** Problems without the file name: `line:column: key: message`. */
function problems(text: string | Buffer, env: NodeJS.ProcessEnv = {}): string[] {
  const path = write(text);
  try {
    loadConfig(path, env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.code).toBe("config-invalid");
    expect(error.errorClass).toBe("usage");
    return error.problems.map((problem) => formatProblem(problem).replace(`${path}:`, ""));
  }
  return [];
}

const MINIMAL = `tenant: {id: contoso.onmicrosoft.com, name: contoso}
credential: {kind: certificate, clientId: app, certificatePath: ./app.pem}
`;

describe("loadConfig", () => {
  it("fills in every default of the contract", () => {
    const config = load(MINIMAL);
    expect({ ...config, file: "" }).toEqual({
      file: "",
      tenant: { id: "contoso.onmicrosoft.com", name: "contoso", cloud: "global", caFile: null, userPhotosFolder: null },
      endpoints: {
        login: "https://login.microsoftonline.com",
        graph: "https://graph.microsoft.com",
        exchange: "https://outlook.office365.com",
        sharepoint: "https://contoso.sharepoint.com",
        sharepointMy: "https://contoso-my.sharepoint.com",
        sharepointAdmin: "https://contoso-admin.sharepoint.com",
      },
      credential: { kind: "certificate", clientId: "app", certificatePath: join(folder, "app.pem") },
      source: {
        folder: join(folder, "photos"),
        recursive: false,
        patterns: ["{upn}", "{first} {last}"],
        domain: null,
        mapping: null,
        crop: "face",
        marker: null,
        archive: null,
      },
      stores: {
        entra: { enabled: true },
        exchange: { enabled: true },
        sharepoint: { enabled: true, fix: "direct", stem: "keep", thumbnails: { S: 48, M: 72, L: 200 } },
      },
      scope: { guests: false, disabledAccounts: false, groups: [], include: [], exclude: [] },
      policy: {
        authority: "source",
        minimumPixels: 240,
        lowResolutionBelow: 200,
        propagationMs: 72 * 3_600_000,
        consent: null,
        pins: null,
        autoApply: ["missing-photo", "missing-thumbnail", "stale-photo", "low-resolution", "profile-property-mismatch"],
        severity: {},
      },
      limits: { maxChangePercent: 30, maxRemovals: 0, concurrency: 8 },
      state: join(folder, "photodrift.db"),
      reports: join(folder, "reports"),
      keepRuns: 90,
      keepUndoMs: 90 * 24 * 3_600_000,
      notify: [],
    });
  });

  it("reads the whole example of the contract", () => {
    const config = load(
      `tenant:
  id: ${GUID}
  name: contoso
  cloud: global
  caFile: ./ca.pem
  endpoints:
    login: https://127.0.0.1:4431
    graph: https://127.0.0.1:4432/
    exchange: https://127.0.0.1:4433
    sharepoint: https://127.0.0.1:4434
    sharepointMy: https://127.0.0.1:4435
    sharepointAdmin: https://127.0.0.1:4436
  userPhotosFolder: Profilbilder
credential:
  kind: certificate
  clientId: 1b2e
  certificatePath: ./app.pem
  clientSecret: \${PHOTODRIFT_CLIENT_SECRET}
source:
  folder: ./photos
  recursive: false
  patterns: ["{upn}", "{first} {last}"]
  domain: contoso.com
  mapping: ./people.csv
  marker: .photodrift-source
  archive: ./archive
stores:
  entra: {}
  exchange: {}
  sharepoint: {fix: wait-for-sync, stem: object-id, thumbnails: {S: 48, M: 72, L: 240}}
scope: {guests: false, disabledAccounts: false, groups: [], include: [], exclude: ["svc-*@contoso.com"]}
policy:
  authority: fill
  propagation: 15m
  consent: ./opted-out.csv
  pins: ./pinned.csv
  autoApply: [missing-photo]
  severity: {reframed-photo: info, stale-photo: critical}
limits: {maxChangePercent: 12.5, maxRemovals: 3, concurrency: 4}
state: ./s/photodrift.db
reports: ./r
keepRuns: 7
keepUndo: 36h
notify:
  - kind: teams
    url: \${TEAMS_WEBHOOK}
    on: new-drift
  - {kind: webhook, url: "http://127.0.0.1:9/x", secret: "\${HMAC}"}
  - {kind: mail, from: it@contoso.com, to: boss@contoso.com, on: failure}
`,
      { PHOTODRIFT_CLIENT_SECRET: "s3cret", TEAMS_WEBHOOK: "https://x.logic.azure.com/?sig=topsecret", HMAC: "k" },
    );
    expect(config.endpoints.graph).toBe("https://127.0.0.1:4432");
    expect(config.policy.propagationMs).toBe(900_000);
    expect(config.policy.severity).toEqual({ "reframed-photo": "info", "stale-photo": "critical" });
    expect(config.tenant.caFile).toBe(join(folder, "ca.pem"));
    expect(config.source.mapping).toBe(join(folder, "people.csv"));
    expect(config.source.marker).toBe(".photodrift-source");
    expect(config.notify.map((entry) => [entry.kind, entry.on])).toEqual([
      ["teams", "new-drift"],
      ["webhook", "new-drift"],
      ["mail", "failure"],
    ]);
    expect(config.notify[0]?.kind === "teams" && config.notify[0].url.reveal()).toContain("topsecret");
    expect(config.notify[2]).toEqual({ kind: "mail", from: "it@contoso.com", to: ["boss@contoso.com"], on: "failure" });
    for (const print of [JSON.stringify(config), inspect(config, { depth: 9 }), String(config.notify[0]?.kind)]) {
      expect(print).not.toMatch(/topsecret|s3cret/);
    }
  });

  it("derives the hosts of each cloud and lets single origins be overridden", () => {
    const of = (cloud: string, rest = "") =>
      load(`tenant: {id: a.b, name: Fab, cloud: ${cloud}${rest}}\ncredential: {kind: default}\n`).endpoints;
    expect(of("usgov").sharepointAdmin).toBe("https://fab-admin.sharepoint.us");
    expect(of("usgov-dod").graph).toBe("https://dod-graph.microsoft.us");
    expect(of("china").graph).toBe("https://microsoftgraph.chinacloudapi.cn");
    expect(of("china", ", endpoints: {login: 'https://login.partner.microsoftonline.cn'}").login).toBe(
      "https://login.partner.microsoftonline.cn",
    );
  });

  it("reports every problem at once, each with its place, what was expected and a near miss", () => {
    expect(
      problems(`tenant:
  id: not a tenant
  nmae: contoso
  cloud: globall
  endpoints:
    graph: http://graph.microsoft.com
    login: https://login.microsoftonline.com/tenant
credential:
  kind: client-secret
  clientId: 12
source:
  patterns: ["{upm}", "{first", "portrait"]
  crop: center
policy:
  propagation: 3 days
  autoApply: [stale-foto]
  severity: {stale-phot: error, wrong-person: fatal}
  authority: Source
limits: {maxChangePercent: 130, concurrency: "8"}
scope: []
keepruns: 3
notify:
  - kind: team
  - {kind: mail, url: "https://example.com/?sig=abc", to: nobody}
`),
    ).toEqual([
      expect.stringMatching(
        /^2:3: tenant: |^1:1: tenant\.name: is missing, expected the first part of your SharePoint/,
      ),
      '2:7: tenant.id: got "not a tenant", expected the tenant\'s GUID or a domain such as contoso.onmicrosoft.com',
      '3:3: tenant.nmae: unknown key, expected one of id, name, cloud, caFile, endpoints, userPhotosFolder (did you mean "name"?)',
      '4:10: tenant.cloud: got "globall", expected one of global, usgov, usgov-dod, china, custom (did you mean "global"?)',
      '6:12: tenant.endpoints.graph: got "http://graph.microsoft.com", expected an origin such as https://graph.microsoft.com: https, no path, no query',
      '7:12: tenant.endpoints.login: got "https://login.microsoftonline.com/tenant", expected an origin such as https://graph.microsoft.com: https, no path, no query',
      "8:1: credential.clientSecret: is missing, expected it with credential.kind client-secret",
      "10:13: credential.clientId: got 12, expected the application (client) id, in quotes",
      expect.stringMatching(
        /^12:14: source\.patterns\[0\]: unknown field \{upm\}, expected .* \(did you mean "\{upn\}"\?\)$/,
      ),
      expect.stringMatching(/^12:23: source\.patterns\[1\]: a brace without its partner/),
      expect.stringMatching(/^12:33: source\.patterns\[2\]: no field in braces/),
      '13:9: source.crop: got "center", expected one of face, attention, centre (did you mean "centre"?)',
      '15:16: policy.propagation: got "3 days", expected a duration such as 90s, 15m, 72h or 7d',
      expect.stringMatching(/^16:15: policy\.autoApply\[0\]: got "stale-foto", .*\(did you mean "stale-photo"\?\)$/),
      expect.stringMatching(/^17:14: policy\.severity\.stale-phot: unknown key, .*\(did you mean "stale-photo"\?\)$/),
      '17:47: policy.severity.wrong-person: got "fatal", expected one of info, warning, error, critical',
      '18:14: policy.authority: got "Source", expected one of source, user, fill (did you mean "source"?)',
      "19:28: limits.maxChangePercent: got 130, expected a number from 0 to 100",
      '19:46: limits.concurrency: got "8", expected a whole number from 1 to 64',
      "20:8: scope: got a list, expected a map with the keys guests, disabledAccounts, groups, include, exclude",
      expect.stringMatching(/^21:1: keepruns: unknown key, .*\(did you mean "keepRuns"\?\)$/),
      `23:11: notify[0].kind: got "team", expected one of ${CHANNEL_KINDS.join(", ")} (did you mean "teams"?)`,
      "24:5: notify[1].from: is missing, expected it with kind mail",
      "24:23: notify[1].url: does not belong to kind mail, expected it to be left out",
      '24:59: notify[1].to: got "nobody", expected a mail address',
    ]);
  });

  it("names every unset variable where it stands, with a near miss, and nothing else about that value", () => {
    expect(
      problems(
        `tenant: {id: "\${TENANT_ID}", name: contoso}
credential:
  kind: client-secret
  clientId: \${CLIENT_IDD}
  clientSecret: pre\${A}\${B}
  certificatePath: "\${}"
`,
        { CLIENT_ID: "x" },
      ),
    ).toEqual([
      "1:15: tenant.id: the environment variable TENANT_ID is not set, expected it to be set before the start",
      '4:13: credential.clientId: the environment variable CLIENT_IDD is not set, expected it to be set before the start (did you mean "CLIENT_ID"?)',
      "5:20: credential.clientSecret: the environment variable A is not set, expected it to be set before the start",
      "5:24: credential.clientSecret: the environment variable B is not set, expected it to be set before the start",
      '6:21: credential.certificatePath: "${}" names no environment variable, expected ${NAME} of letters, digits and underscores',
    ]);
  });

  it("reads numbers and truth values out of the environment, and never shows what came from it", () => {
    const text = `${MINIMAL}limits: {concurrency: "\${N}"}\nscope:\n  guests: \${G}\nsource: {folder: "$\${X}/a"}\n`;
    const config = load(text, { N: "5", G: "TRUE" });
    expect([config.limits.concurrency, config.scope.guests]).toEqual([5, true]);
    expect(config.source.folder).toBe(join(folder, "${X}/a"));
    expect(problems(text, { N: "hush", G: "false" })).toEqual([
      "3:23: limits.concurrency: got a value that is not shown here, expected a whole number from 1 to 64",
    ]);
    expect(problems(`${MINIMAL}notify: [{kind: teams, url: "ftp://h/?sig=hush"}]\n`).join()).not.toContain("hush");
  });

  it("wants all six endpoints of a custom cloud", () => {
    const found = problems(`tenant: {id: a.b, name: x, cloud: custom, endpoints: {login: "https://127.0.0.1:1"}}
credential: {kind: default}
`);
    expect(found.map((line) => line.split(": ")[1])).toEqual([
      "tenant.endpoints.graph",
      "tenant.endpoints.exchange",
      "tenant.endpoints.sharepoint",
      "tenant.endpoints.sharepointMy",
      "tenant.endpoints.sharepointAdmin",
    ]);
  });

  it.each([
    "https://a/b",
    "https://a?x",
    "https://u:p@a",
    "https://a#",
    "https://",
    "a.com",
    "https://a:99999",
    "https://a\\b",
  ])("refuses %s as an origin", (origin) => {
    expect(problems(`${MINIMAL.replace("name: contoso", `name: contoso, endpoints: {graph: '${origin}'}`)}`)).toEqual([
      expect.stringContaining("tenant.endpoints.graph: got"),
    ]);
  });

  it("names files that do not exist, and folders in their place", () => {
    mkdirSync(join(folder, "dir.pem"), { recursive: true });
    expect(
      problems(`tenant: {id: a.b, name: x, caFile: ./dir.pem}
credential: {kind: certificate, clientId: x, certificatePath: ./none.pem}
source: {folder: ./photos, recursive: true, archive: ./photos/old}
`),
    ).toEqual([
      `1:36: tenant.caFile: ${join(folder, "dir.pem")} is not a file, expected a PEM file`,
      `2:63: credential.certificatePath: there is no readable file ${join(folder, "none.pem")}, expected a PEM file`,
      "3:54: source.archive: lies in source.folder, where it would be read again, expected another folder",
    ]);
  });

  it.each([
    ["{S: 300}", "S: got 300", "at most M (72)"],
    ["{M: 240}", "M: got 240", "at most L (200)"],
    ["{L: 60}", "M: got 72", "at most L (60)"],
    ["{S: 200, M: 100, L: 50}", "S: got 200", "at most M (100)"],
  ])("refuses thumbnails of which a smaller one is larger: %s", (sizes, got, expected) => {
    const [first, ...more] = problems(`${MINIMAL}stores: {sharepoint: {thumbnails: ${sizes}}}\n`);
    expect(first).toContain(`stores.sharepoint.thumbnails.${got}, expected ${expected}`);
    expect(more).toHaveLength(sizes.includes("S: 200") ? 1 : 0);
  });

  it("takes thumbnails of one size", () => {
    expect(
      load(`${MINIMAL}stores: {sharepoint: {thumbnails: {S: 200, M: 200}}}\n`).stores.sharepoint.thumbnails,
    ).toEqual({
      S: 200,
      M: 200,
      L: 200,
    });
  });

  it("survives paths that no system takes", () => {
    const text = 'tenant: {id: a.b, name: x, caFile: "a\\0b"}\ncredential: {kind: default}\nstate: "\\0"\n';
    expect(problems(text).join("\n")).toMatch(/tenant\.caFile: .*\n.*state: got "\\u0000"/);
  });

  it("takes an empty value for a key that was not written", () => {
    const config = load(`${MINIMAL}source:\n  mapping:\nstores:\nscope: {groups: }\nnotify:\n`);
    expect(config.source.mapping).toBeNull();
    expect(config.scope.groups).toEqual([]);
    expect(problems("tenant: {id: a.b, name: }\ncredential: {kind: default}")).toEqual([
      expect.stringContaining("1:19: tenant.name: is missing"),
    ]);
  });

  it("switches stores off only where the file says so", () => {
    const config = load(`${MINIMAL}stores: {exchange: false, sharepoint: {enabled: false}}\n`);
    expect([config.stores.entra.enabled, config.stores.exchange.enabled, config.stores.sharepoint.enabled]).toEqual([
      true,
      false,
      false,
    ]);
    expect(problems(`${MINIMAL}stores: {entra: false, exchange: false, sharepoint: false}\n`)).toHaveLength(1);
  });

  it.each([
    ["a value of its own", "keepRuns: 90\nkeepRuns: 91\n"],
    ["within a section", "limits: {concurrency: 8, concurrency: 8}\n"],
    ["a section, each with its own mistakes", "limits: {concurrency: 0}\nlimits: {maxRemovals: few}\n"],
  ])("a key that stands twice hides no other problem: %s", (_, twice) => {
    const found = problems(
      `tenant: {name: contoso}\ncredential: {kind: default}\nscope: {guests: 2}\n${twice}keeprun: 3\n`,
    );
    const keys = found.map((line) => line.split(": ")[1]);
    expect(keys).toEqual(expect.arrayContaining(["tenant.id", "scope.guests", "keeprun"]));
    expect(found.filter((line) => line.includes("stands twice"))).toHaveLength(1);
    expect(found).toHaveLength(twice.includes("few") ? 6 : 4);
  });

  it("a section in two parts lacks nothing that one of them has", () => {
    const text = "tenant: {id: a.b}\ncredential: {kind: default}\ntenant: {name: x}\n";
    expect(problems(text)).toEqual(['3:1: the key "tenant" stands twice in the same map, expected once']);
  });

  it.each([
    ["tenant: {id: a.b, name: x, caFile: ~/ca.pem}\n", "tenant.caFile"],
    ["credential: {kind: certificate, clientId: app, certificatePath: ~/app.pem}\n", "credential.certificatePath"],
    ["source: {folder: ~/photos}\n", "source.folder"],
    ["source: {mapping: ~/people.csv}\n", "source.mapping"],
    ["source: {archive: ~/old}\n", "source.archive"],
    ["policy: {consent: ~/no.csv}\n", "policy.consent"],
    ["policy: {pins: ~/pins.csv}\n", "policy.pins"],
    ["state: ~/photodrift.db\n", "state"],
    ["reports: ~/reports\n", "reports"],
    ["reports: '~'\n", "reports"],
    ["reports: '~\\reports'\n", "reports"],
  ])("%s: only a shell knows ~, and the message says what to write", (line, key) => {
    const kept = MINIMAL.split("\n").filter((one) => one.slice(0, 6) !== line.slice(0, 6));
    const found = problems([...kept, line].join("\n"));
    expect(found.join("\n")).toMatch(
      new RegExp(`${key.replaceAll(".", "\\.")}: got "~.*expected the path of .*\\$\\{HOME\\}`),
    );
  });

  it("takes names that only begin with ~, and a home from the environment", () => {
    const config = load(`${MINIMAL}state: ./~/x.db\nreports: ~reports\nsource: {folder: "\${HOME}/photos"}\n`, {
      HOME: "/home/anna",
    });
    expect(config.state).toBe(join(folder, "~/x.db"));
    expect(config.reports).toBe(join(folder, "~reports"));
    expect(config.source.folder).toBe(resolve("/home/anna/photos"));
  });

  it.each(["99999999999999999999", "-99999999999999999999", "1.5", "-0.5", "1e400", "-1"])(
    "tells a wrong number once: %s",
    (number) => {
      expect(problems(`${MINIMAL}limits: {maxRemovals: ${number}, concurrency: ${number}}\n`)).toHaveLength(2);
      expect(problems(`${MINIMAL}keepRuns: ${number}\npolicy: {minimumPixels: ${number}}\n`)).toHaveLength(2);
    },
  );

  it.each([
    [".inf", "Infinity"],
    ["-.inf", "-Infinity"],
    [".nan", "NaN"],
    ["1e400", "Infinity"],
    ["-1", "-1"],
  ])("a number that none of these may be is told as a number: %s", (written, told) => {
    const found = problems(`${MINIMAL}limits: {maxChangePercent: ${written}}\n`);
    expect(found).toEqual([expect.stringContaining(`limits.maxChangePercent: got ${told}, expected a number from 0`)]);
  });

  it.each([
    ["another configuration", "---\ntenant: {id: fabrikam.com}\n"],
    ["a line that came along with a copy", "---\n"],
    ["the end of one and the beginning of another", "...\n---\nkeepRuns: 3\n"],
  ])("a second document is told in words of this program: %s", (_, second) => {
    expect(problems(`${MINIMAL}${second}`)).toEqual([
      expect.stringMatching(/^\d+:1: a second YAML document begins here \(---\), expected one in the file$/u),
    ]);
  });

  it("explains files that are no configuration", () => {
    expect(problems("")).toEqual(["1:1: the file is empty, expected a map of keys"]);
    expect(problems("# only a comment\n")).toHaveLength(1);
    expect(problems("- a\n- b\n")).toEqual([
      expect.stringMatching(/^1:1: got a list, expected a map with the keys tenant/),
    ]);
    expect(problems(`${MINIMAL}scope:\n  guests: true\n  guests: false\n`)).toEqual([
      '5:3: the key "guests" stands twice in the same map, expected once',
    ]);
    expect(problems('tenant: {id: "a\ncredential: [')).toEqual(
      expect.arrayContaining([expect.stringMatching(/^\d+:\d+: not valid YAML: /)]),
    );
    expect(problems("scope: {guests: ${G}}\nlimits: {concurrency: ${N}}\n")).toEqual([
      '1:18: not valid YAML: Unexpected flow-map-start at node end; between braces or brackets ${NAME} needs quotes, expected "${NAME}"',
    ]);
    expect(problems("tenant: !!js/function 'x'\n").join()).toContain("not valid YAML");
    expect(problems(Buffer.from([0x74, 0xff, 0xfe, 0x80]))).toEqual([expect.stringContaining("not UTF-8")]);
    expect(problems("__proto__: {polluted: true}\n").join("\n")).toContain("__proto__: unknown key");
    expect(
      problems(
        `a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefg"
          .split("")
          .map((c, i) => `${c}: &${c} [${Array(9).fill(`*${"abcdef"[i]}`).join()}]\n`)
          .join("")}`,
      ).join(),
    ).toContain("not usable YAML");
  });

  it("reads UTF-16 as Windows PowerShell writes it, and a byte order mark", () => {
    expect(load(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(MINIMAL, "utf16le")])).tenant.name).toBe(
      "contoso",
    );
    expect(load(`\uFEFF${MINIMAL}`).tenant.name).toBe("contoso");
  });

  it("says how to get a file that is not there, and shows the path as it was typed", () => {
    expect(() => loadConfig(join(folder, "absent.yaml"), {})).toThrow(
      expect.objectContaining({
        code: "config-missing",
        errorClass: "usage",
        hint: expect.stringContaining("photodrift init") as string,
      }) as Error,
    );
    const path = relative(process.cwd(), write("{}"));
    expect(() => loadConfig(path, {})).toThrow(`${path}:1:1: tenant: is missing`);
  });
});

describe("starterConfig", () => {
  const base = {
    tenantId: GUID,
    tenantName: "contoso",
    cloud: "global" as const,
    folder: "./photos",
    domain: null,
    patterns: [],
    userPhotosFolder: null,
  };

  it("is valid, commented, and says what was answered", () => {
    const text = starterConfig({
      ...base,
      credential: { kind: "certificate", clientId: "1b2e", certificatePath: "./app.pem" },
      folder: "/mnt/share: masters # all",
      domain: "contoso.com",
      userPhotosFolder: "Profilbilder",
    });
    const config = load(text);
    expect(config.source.folder).toBe("/mnt/share: masters # all");
    expect(config.credential).toMatchObject({ kind: "certificate", clientId: "1b2e" });
    expect(config.tenant.userPhotosFolder).toBe("Profilbilder");
    expect(text.match(/#/g)?.length).toBeGreaterThan(15);
    expect({ ...config, file: "", tenant: 0, source: 0, credential: 0 }).toEqual({
      ...load(MINIMAL),
      file: "",
      tenant: 0,
      source: 0,
      credential: 0,
    });
  });

  it("keeps the secret out of the file and literal text literal", () => {
    const secret = load(
      starterConfig({
        ...base,
        folder: "a${b}",
        credential: { kind: "client-secret", clientId: "007", secretEnv: "PD" },
      }),
      {
        PD: "hush",
      },
    );
    expect(secret.credential.kind === "client-secret" && secret.credential.clientSecret.reveal()).toBe("hush");
    expect(secret.credential.clientId).toBe("007");
    expect(secret.source.folder).toBe(join(folder, "a${b}"));
    expect(
      load(starterConfig({ ...base, credential: { kind: "managed-identity", clientId: null } })).credential,
    ).toEqual({
      kind: "managed-identity",
      clientId: null,
    });
  });
});

describe("reportsFolderOf", () => {
  it.each([
    ["the configuration's", `${MINIMAL}reports: ./kept\n`, "kept"],
    ["of the environment", `${MINIMAL}reports: \${PD_REPORTS}/of\n`, "told/of"],
    ["its default", MINIMAL, "reports"],
    [
      "where names are not set on this machine",
      'credential: {clientSecret: "${PD_NOT}"}\nreports: /srv/kept\n',
      "/srv/kept",
    ],
    ["the default where the folder itself hangs on such a name", `${MINIMAL}reports: \${PD_NOT}\n`, "reports"],
    ["the default of a file that is none", "a: [", "reports"],
  ])("%s", (_, text, found) => {
    expect(reportsFolderOf(write(text), { PD_REPORTS: "told" })).toBe(resolve(folder, found));
  });

  it("and of one that is not there", () => {
    expect(reportsFolderOf("/etc/none/photodrift.yaml", {})).toBe(resolve("/etc/none/reports"));
  });
});
