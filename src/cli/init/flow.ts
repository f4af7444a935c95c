import type { StarterAnswers } from "../../config/index.js";
import { guessPattern, proposePatterns } from "../../desired/index.js";
import { CREDENTIAL_KINDS, type Cloud } from "../../model/config.js";
import { isGuid } from "../../model/ids.js";
import { plain } from "../../model/text.js";
import type { DirectoryUser } from "../../model/user.js";
import type { FoundTenant, TenantFinder } from "../../stores/find-tenant.js";
import { unknownName } from "../line/unknown-name.js";
import type { PictureFolder } from "./find-folder.js";
import { lookUpSharePoint, lookUpTenant, type TenantHosts } from "./find-tenant.js";
import type { Questions } from "./questions.js";

type CredentialKind = (typeof CREDENTIAL_KINDS)[number];

export interface InitAnswers {
  readonly "tenant-id": string | undefined;
  readonly "tenant-name": string | undefined;
  readonly cloud: Exclude<Cloud, "custom">;
  readonly credential: string | undefined;
  readonly "client-id": string | undefined;
  readonly certificate: string | undefined;
  readonly "secret-env": string;
  readonly folder: string | undefined;
  readonly domain: string | undefined;
  readonly pattern: readonly string[] | undefined;
  readonly "user-photos-folder": string | undefined;
}

/** What init may look at. */
export interface InitSight {
  /** Null: nothing is asked over the network. */
  readonly finder: TenantFinder | null;
  readonly hosts: TenantHosts;
  folders(): Promise<readonly PictureFolder[]>;
  /** Master files of a folder, relative to it; null where there is no such folder yet. */
  pictures(folder: string): Promise<readonly string[] | null>;
  /** The tenant's users, as whoever is signed in may read them; null where nobody may. Never throws. */
  users(answers: StarterAnswers): Promise<readonly DirectoryUser[] | null>;
}

/** Every answer of a configuration: given, found out, or asked. Throws PhotodriftError (usage) naming what is missing. */
export async function initAnswers(flags: InitAnswers, questions: Questions, sight: InitSight): Promise<StarterAnswers> {
  const tenant = await tenantAnswers(flags, questions, sight);
  const credential = await credentialAnswers(flags, questions);
  const folders = flags.folder === undefined ? await sight.folders() : [];
  const [likely] = folders;
  if (likely !== undefined) questions.note(`${likely.pictures} pictures are in ${likely.folder}.`);
  const folder = await questions.answer(
    "folder",
    flags.folder,
    "Folder of master portraits",
    likely?.folder ?? "./photos",
  );
  questions.requireAll();
  const answers: StarterAnswers = {
    ...tenant,
    credential,
    folder,
    patterns: flags.pattern ?? [],
    userPhotosFolder: flags["user-photos-folder"] ?? null,
  };
  if (flags.pattern !== undefined) return answers;
  return { ...answers, patterns: await patternAnswers(answers, questions, sight) };
}

type TenantAnswers = Pick<StarterAnswers, "tenantId" | "tenantName" | "cloud" | "domain">;

async function tenantAnswers(flags: InitAnswers, questions: Questions, sight: InitSight): Promise<TenantAnswers> {
  const asked = flags["tenant-id"] ?? flags.domain;
  const given = (await questions.answer("tenant-id", asked, "Domain of your users, or tenant id", null)).trim();
  const named = domainIn(given);
  const domain = flags.domain ?? (isInitialDomain(named) ? null : named);
  const wanted = named !== null || flags["tenant-name"] === undefined;
  const found = given !== "" && wanted ? await foundTenant(given, flags.cloud, questions, sight) : null;
  const cloud = found?.cloud ?? flags.cloud;
  const known = flags["tenant-name"] === undefined ? (named ?? domain) : null;
  const name =
    found === null || known === null ? null : await foundSharePoint(known, { id: found.id, cloud }, questions, sight);
  const question = "SharePoint name (contoso of contoso.sharepoint.com)";
  const tenantName = await questions.answer("tenant-name", flags["tenant-name"], question, name);
  return { tenantId: found?.id ?? given, tenantName, cloud, domain };
}

/** The domain that was answered, null for a tenant id or nothing. */
function domainIn(given: string): string | null {
  return given === "" || isGuid(given) ? null : given.toLowerCase();
}

/** The domain that every tenant has from its first day: nobody's mail address. */
function isInitialDomain(domain: string | null): boolean {
  return domain?.endsWith(".onmicrosoft.com") === true;
}

/** @param given domain or tenant id */
async function foundTenant(
  given: string,
  asked: InitAnswers["cloud"],
  questions: Questions,
  { finder, hosts }: InitSight,
): Promise<FoundTenant | null> {
  if (finder === null) return null;
  const { found, note } = await lookUpTenant(finder, hosts, given, asked);
  if (note !== null) questions.note(note);
  if (found === null || isGuid(given)) return found;
  const cloud = found.cloud ?? asked;
  questions.note(`${given} is the tenant ${found.id}${cloud === "global" ? "" : ` in the cloud ${cloud}`}.`);
  return found;
}

async function foundSharePoint(
  domain: string,
  tenant: { readonly id: string; readonly cloud: InitAnswers["cloud"] },
  questions: Questions,
  { finder, hosts }: InitSight,
): Promise<string | null> {
  const name = finder === null ? null : await lookUpSharePoint(finder, hosts, domain, tenant);
  if (name !== null) questions.note(`${new URL(hosts.sharePoint(name, tenant.cloud)).host} belongs to this tenant.`);
  return name;
}

async function credentialAnswers(flags: InitAnswers, questions: Questions): Promise<StarterAnswers["credential"]> {
  const question = `Credential (${CREDENTIAL_KINDS.join(", ")})`;
  const typed = await questions.answer("credential", flags.credential, question, "certificate");
  const kind = CREDENTIAL_KINDS.find((choice) => choice === typed);
  if (kind === undefined) throw unknownName("credential kind", typed, CREDENTIAL_KINDS);
  const clientId = needsClient(kind)
    ? await questions.answer("client-id", flags["client-id"], "Application (client) id", null)
    : (flags["client-id"] ?? "");
  if (kind === "client-secret") return { kind, clientId, secretEnv: flags["secret-env"] };
  if (kind !== "certificate") return { kind, clientId: clientId === "" ? null : clientId };
  const file = "PEM or PFX with certificate and key";
  return {
    kind,
    clientId,
    certificatePath: await questions.answer("certificate", flags.certificate, file, "./app.pem"),
  };
}

function needsClient(kind: CredentialKind): boolean {
  return kind === "certificate" || kind === "client-secret";
}

/** The patterns that fit most users, shown with ten matches before anything is written; none: the usual two. */
async function patternAnswers(
  answers: StarterAnswers,
  questions: Questions,
  sight: InitSight,
): Promise<readonly string[]> {
  const files = await sight.pictures(answers.folder);
  if (files === null || files.length === 0) return [];
  const users = await sight.users(answers);
  const found = users === null ? guessed(files, questions) : proposed(files, users, answers.domain, questions);
  if (found.length === 0 || !questions.asks) return found;
  const typed = await questions.answer(
    "pattern",
    undefined,
    "Patterns, in order, with commas between",
    found.join(", "),
  );
  return typed
    .split(",")
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== "");
}

function guessed(files: readonly string[], { note }: Questions): readonly string[] {
  const guess = guessPattern(files);
  if (guess === null) return [];
  note(
    `${guess.files} of ${files.length} file names look like ${guess.pattern}. Nobody is signed in who may read the users, so this is not proved; \`photodrift masters --suggest\` tells later.`,
  );
  return [guess.pattern];
}

function proposed(
  files: readonly string[],
  users: readonly DirectoryUser[],
  domain: string | null,
  { note }: Questions,
): readonly string[] {
  const proposal = proposePatterns({ files, users: () => users, domain });
  if (proposal.patterns.length === 0) {
    note(`None of the ${files.length} file names fits one of the ${users.length} users by a usual pattern.`);
    return [];
  }
  note(`${files.length} pictures, ${users.length} users:`);
  for (const [at, { pattern, users: found }] of proposal.patterns.entries()) {
    note(`  ${pattern.padEnd(18)} fits ${found} ${at === 0 ? "users" : "more"}`);
  }
  if (proposal.filesLeft > 0)
    note(`  ${String(proposal.filesLeft)} files fit nobody alone (photodrift masters --suggest)`);
  note("For example:");
  const width = Math.max(...proposal.preview.map(({ file }) => plain(file).length));
  for (const { file, upn, displayName } of proposal.preview) {
    note(`  ${plain(file).padEnd(width)}  ${plain(upn)}  ${plain(displayName)}`);
  }
  return proposal.patterns.map(({ pattern }) => pattern);
}
