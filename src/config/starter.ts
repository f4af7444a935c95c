import { stringify } from "yaml";
import { DEFAULT_PATTERNS, type Cloud } from "../model/config.js";

/** What `photodrift init` has asked. Null: left out, with a comment that shows the key. */
export interface StarterAnswers {
  readonly tenantId: string;
  readonly tenantName: string;
  readonly cloud: Exclude<Cloud, "custom">;
  readonly credential:
    | { readonly kind: "certificate"; readonly clientId: string; readonly certificatePath: string }
    /** `secretEnv` is the name of the environment variable: the secret itself never goes into the file. */
    | { readonly kind: "client-secret"; readonly clientId: string; readonly secretEnv: string }
    | { readonly kind: "managed-identity" | "workload-identity" | "default"; readonly clientId: string | null };
  readonly folder: string;
  readonly domain: string | null;
  /** How file names find their users; empty: the usual two. */
  readonly patterns: readonly string[];
  readonly userPhotosFolder: string | null;
}

/** A commented `photodrift.yaml` for the answers: every key that most tenants touch, with its default where it has one. */
export function starterConfig(answers: StarterAnswers): string {
  const { credential } = answers;
  const lines = [
    "# photodrift configuration. Any value may hold ${NAME} from the environment; relative paths start at this file.",
    "# Check it, and every permission, with: photodrift doctor",
    "tenant:",
    `  id: ${scalar(answers.tenantId)}`,
    `  name: ${scalar(answers.tenantName)}   # the first part of your SharePoint address, as in contoso.sharepoint.com`,
    `  cloud: ${answers.cloud}   # global | usgov | usgov-dod | china | custom`,
    "  # caFile: ./corporate-ca.pem   # extra trust, where a proxy opens TLS",
    answers.userPhotosFolder === null
      ? "  # userPhotosFolder: Profile Pictures   # the folder in the User Photos library; found by itself when absent"
      : `  userPhotosFolder: ${scalar(answers.userPhotosFolder)}`,
    "",
    "credential:",
    `  kind: ${credential.kind}   # certificate | client-secret | managed-identity | workload-identity | default`,
    ...credentialLines(credential),
    "",
    "source:",
    `  folder: ${scalar(answers.folder)}   # the master portraits: a local folder or a mounted share`,
    "  recursive: false",
    "  # How a file name finds its user, tried in order. Fields: {upn} {user} {mail} {id} {employeeId} {first} {last} {f} {l}",
    "  # {displayName} {samAccountName}. Case, accents, spaces, dots and hyphens do not matter.",
    `  patterns: ${patternList(answers.patterns)}`,
    answers.domain === null
      ? "  # domain: contoso.com   # for patterns that make a UPN"
      : `  domain: ${scalar(answers.domain)}`,
    "  # mapping: ./people.csv   # columns user,file[,focus]; wins over the patterns",
    "  crop: face   # face | attention | centre: how the square is cut where the mapping's focus says nothing",
    "  # marker: .photodrift-source   # when set, the folder must hold this file, or nothing is done",
    "  # archive: ./archive   # masters go here once every store shows them",
    "",
    "stores:",
    "  entra: {}",
    "  exchange: {}",
    "  sharepoint:",
    "    fix: direct   # direct | wait-for-sync | report-only",
    "    stem: keep   # keep | upn | object-id",
    "    thumbnails: {S: 48, M: 72, L: 200}",
    "",
    "scope:",
    "  guests: false",
    "  disabledAccounts: false",
    "  groups: []   # object ids; empty: everybody",
    "  include: []   # patterns on the UPN",
    '  exclude: []   # such as ["svc-*@contoso.com"]',
    "",
    "policy:",
    "  authority: source   # source | user (a photo the user changed stays) | fill (only missing photos)",
    "  minimumPixels: 240   # smaller masters are reported, not uploaded",
    "  lowResolutionBelow: 200",
    "  propagation: 72h   # SharePoint may lag Exchange by this much before it counts as drift",
    "  # consent: ./opted-out.csv   # column user: their photos are removed, never uploaded",
    "  # pins: ./pinned.csv   # column user: never touched",
    "  autoApply: [missing-photo, missing-thumbnail, stale-photo, low-resolution, profile-property-mismatch]",
    "",
    "limits:",
    "  maxChangePercent: 30   # of the users in scope, counted from 10 users up",
    "  maxRemovals: 0",
    "  concurrency: 8",
    "",
    "state: ./photodrift.db",
    "reports: ./reports",
    "keepRuns: 90   # audits kept in history, with their report files",
    "keepUndo: 90d   # how long an apply can be undone: its run, journal and backups stay together, whatever keepRuns says",
    "",
    "notify: []",
    "# notify:",
    "#   - kind: teams   # teams (Workflows webhook) | webhook (JSON) | mail",
    "#     url: ${TEAMS_WEBHOOK}",
    "#     on: new-drift   # new-drift | drift | failure | always",
    "",
  ];
  return lines.join("\n");
}

/** A YAML list in one line; `${` cannot stand in a pattern, for a field begins with a brace alone. */
function patternList(patterns: readonly string[]): string {
  return `[${(patterns.length === 0 ? DEFAULT_PATTERNS : patterns).map((pattern) => JSON.stringify(pattern)).join(", ")}]`;
}

function credentialLines(credential: StarterAnswers["credential"]): readonly string[] {
  switch (credential.kind) {
    case "certificate":
      return [
        `  clientId: ${scalar(credential.clientId)}`,
        `  certificatePath: ${scalar(credential.certificatePath)}   # PEM or PFX with certificate and private key; SharePoint takes no client secret`,
        "  # certificatePassword: ${PHOTODRIFT_CERTIFICATE_PASSWORD}   # where key or PFX is encrypted",
      ];
    case "client-secret":
      return [
        `  clientId: ${scalar(credential.clientId)}`,
        `  clientSecret: \${${credential.secretEnv}}   # SharePoint takes certificates only: with a secret it answers "access denied"`,
      ];
    default:
      return credential.clientId === null
        ? ["  # clientId: of a user-assigned identity"]
        : [`  clientId: ${scalar(credential.clientId)}`];
  }
}

/** One line of YAML for a text, quoted where it must be; a literal `${` stays one. */
function scalar(text: string): string {
  return stringify(
    text.replaceAll("${", () => "$${"),
    {
      lineWidth: 0,
      defaultStringType: /[\r\n]/.test(text) ? "QUOTE_DOUBLE" : "PLAIN",
    },
  ).trimEnd();
}
