import { pictureOf } from "../../model/picture.js";
import type { Argv } from "yargs";
import { stateOfDecision, type DecisionState } from "../../compare/decisions.js";
import { checkUser } from "../../compare/rules/index.js";
import { placeName } from "../../compare/words.js";
import { nameTheUser } from "../../desired/index.js";
import type { ComparedUser } from "../../model/compared.js";
import { PhotodriftError } from "../../model/errors.js";
import type { FindingDraft } from "../../model/finding.js";
import type { ComparedPhoto } from "../../model/photo.js";
import { joinUser } from "../../run/join.js";
import { observe } from "../../run/audit.js";
import { planUser } from "../../plan/index.js";
import { auditSettings, newRun, NO_FILTERS, type Workbench } from "../compose.js";
import { EXIT } from "../../model/exit-codes.js";
import { withWorkbench } from "../sessions/workbench.js";
import type { GlobalFlags, Invocation } from "../line/globals.js";
import type { UserMaster } from "../../model/master.js";
import { plain } from "../../model/text.js";
import { writeList } from "../terminal/results.js";

export interface ExplainFlags extends GlobalFlags {
  readonly user: string;
}

export function explainFlags<T>(yargs: Argv<T>) {
  return yargs.positional("user", { type: "string", demandOption: true, describe: "UPN or object id" });
}

/**
 * Everything known of one user: master, three stores, distances, rules, cause, and what apply would do. Reads all of the user afresh; everybody else
 * is taken from an audit of the last day, where there was one.
 */
export async function explainCommand(flags: ExplainFlags, invocation: Invocation): Promise<number> {
  return withWorkbench(invocation, "photodrift explain", async (bench) => {
    const { config } = bench;
    const filters = { ...NO_FILTERS, users: [flags.user] };
    const settings = {
      ...auditSettings(config, filters, { mode: "audit", trigger: "cli", signal: invocation.signal }),
      othersAsKnown: isAuditedLately(bench),
    };
    const context = await observe(bench.ports, settings, newRun(bench.ports.clock.now()).id);
    const user = bench.state.records.user(flags.user);
    if (user === null) {
      throw new PhotodriftError(
        "user-unknown",
        `There is no user ${flags.user}.`,
        nameTheUser(flags.user, bench.state.records.users()),
        "usage",
      );
    }
    const scope = context.roster.scope(user);
    const compared = await joinUser(context, user);
    const findings = scope.in ? checkUser(compared) : [];
    const actions = planUser(compared, findings);
    await writeList(invocation, {
      title: `What is known of ${user.displayName} <${user.upn}>`,
      columns: ["what", "where", "rule", "severity", "drift", "told"],
      rows: [
        ...findings.map((one) => ["finding", one.address, one.rule, one.severity, String(one.drift), one.summary]),
        ...compared.decisions.map((one) => [
          "decision",
          one.address,
          one.rule,
          "",
          "",
          `${one.kind}, by ${one.by} on ${one.at.slice(0, 10)}`,
        ]),
        ...actions.map((one) => [one.action, one.address, one.because, "", "", "what apply would do"]),
      ],
      json: { ...withoutPixels(compared), scope, findings, actions },
      text: explanation(compared, scope.in ? null : scope.reason, findings, actions.map(actionLine)),
    });
    return EXIT.ok;
  });
}

/** Runs among which the last audit is looked for, and how old it may be. */
const RUNS_LOOKED_AT = 20;
const LATELY_MS = 24 * 60 * 60 * 1000;

/** Of everybody else no more matters for one user than whose a file is, and whose picture a wrong one shows. */
function isAuditedLately({ ports, state }: Workbench): boolean {
  // One that was cut off before it had compared them all may never have read them.
  const runs = state.records.runs(RUNS_LOOKED_AT);
  const last = runs.find(({ head, summary }) => head.mode === "audit" && summary.users > 0);
  return last !== undefined && ports.clock.now() - Date.parse(last.head.finishedAt) < LATELY_MS;
}

function actionLine(action: { readonly action: string; readonly address: string; readonly because: string }): string {
  return `${action.action} at ${action.address} (because of ${action.because})`;
}

/** The pixels of signatures are of no use to readers and would fill screens. */
function withoutPixels(user: ComparedUser): object {
  return JSON.parse(
    JSON.stringify(user, (_key, value: unknown) => (value instanceof Uint8Array ? undefined : value)),
  ) as object;
}

function explanation(
  user: ComparedUser,
  outOfScope: string | null,
  findings: readonly FindingDraft[],
  actions: readonly string[],
): string {
  const { licences } = user.user;
  const lines = [
    `${plain(user.user.displayName)} <${plain(user.user.upn)}>`,
    `  object id   ${user.user.id}`,
    `  licences    ${licences.mailbox ? "mailbox" : "no mailbox"}, ${licences.sharePoint ? "SharePoint" : "no SharePoint"}`,
    `  scope       ${outOfScope === null ? "looked at" : `left alone: ${outOfScope}`}`,
  ];
  if (user.consentWithdrawn) lines.push("  consent     withdrawn: photos are removed, never uploaded");
  if (user.pinned) lines.push("  pinned      never to be touched");
  lines.push("", "Master", ...masterLines(user).map((line) => `  ${line}`), "", "Stores");
  const photos = [...user.cloud, ...Object.values(user.sharePoint.photos)];
  for (const photo of photos) lines.push(...photoLines(user, photo).map((line) => `  ${line}`));
  lines.push(...profileLines(user).map((line) => `  ${line}`), "", "Findings");
  if (findings.length === 0) lines.push("  none");
  for (const finding of findings) {
    lines.push(
      `  ${finding.rule} (${finding.severity}${finding.drift ? ", drift" : ""}) at ${finding.address}`,
      `    ${plain(finding.summary)}`,
      `    cause ${finding.cause}; remedy ${finding.remedy.kind}${finding.remedy.cure === undefined ? "" : `: ${finding.remedy.cure}`}`,
    );
  }
  lines.push(...decisionLines(user));
  lines.push(
    "",
    "What apply would do",
    ...(actions.length === 0 ? ["  nothing"] : actions.map((line) => `  ${line}`)),
    "",
  );
  return lines.join("\n");
}

const STATE_WORDS: Readonly<Record<DecisionState, string>> = {
  holds: "it holds",
  ended: "it has ended: the picture or the master changed, or it was carried out",
  unknown: "the store was not read: nobody knows whether it holds",
};

/** What people decided about this user's findings, and whether it still counts. */
function decisionLines(user: ComparedUser): readonly string[] {
  if (user.decisions.length === 0) return [];
  const lines = user.decisions.map(
    (decision) =>
      `  ${decision.kind} ${decision.rule} at ${decision.address}, by ${plain(decision.by)} on ${decision.at.slice(0, 10)}; ${STATE_WORDS[stateOfDecision(user, decision)]}`,
  );
  return ["", "Decisions", ...lines];
}

function masterLines(user: ComparedUser): readonly string[] {
  const { master, masterPhoto } = user;
  if (master.kind === "none") return ["none fits this user"];
  if (master.kind === "ambiguous") return ambiguous(master);
  if (masterPhoto === null) return [`${master.file} (not read)`];
  if (masterPhoto.kind !== "usable") return [`${masterPhoto.file}: ${masterPhoto.reason}`, `cure: ${masterPhoto.cure}`];
  const { signature, crop } = masterPhoto;
  return [
    `${masterPhoto.file} (matched ${master.pattern})`,
    `${signature.width} x ${signature.height} ${signature.format}, ${signature.byteLength} bytes, sha256 ${signature.sha256.slice(0, 16)}…`,
    `fingerprint ${signature.hash}`,
    `crop ${crop.width} x ${crop.height} at ${crop.left},${crop.top}; ${quality(signature.jpegQuality)}`,
  ];
}

function ambiguous({ files, reason }: Extract<UserMaster, { readonly kind: "ambiguous" }>): readonly string[] {
  return [`ambiguous: ${files.join(", ")}`, ...(reason === undefined ? [] : [`it ${plain(reason)}`])];
}

function quality(value: number | null): string {
  return value === null ? "no JPEG quality" : `JPEG quality about ${Math.round(value)}`;
}

function photoLines(user: ComparedUser, photo: ComparedPhoto): readonly string[] {
  const { observed } = photo;
  const by = photo.attribution === null ? "" : ` [${photo.attribution}]`;
  if (observed.kind === "not-applicable") return [`${placeName(photo)}: ${observed.why}`];
  if (observed.kind === "absent") return [`${placeName(photo)}${by}: no picture`];
  if (observed.kind === "unreadable") return [`${placeName(photo)}${by}: unreadable, ${observed.error.message}`];
  const size = observed.width === null ? "size not read" : `${observed.width} x ${observed.height ?? "?"}`;
  const lines = [`${placeName(photo)}${by}: ${pictureOf(user, photo).kind}; ${size}, etag ${observed.etag ?? "none"}`];
  if (observed.signature !== null) {
    lines.push(`  sha256 ${observed.signature.sha256.slice(0, 16)}…, ${quality(observed.signature.jpegQuality)}`);
    lines.push(`  fingerprint ${observed.signature.hash}`);
  }
  return [...lines, ...verdictLines(photo), ...identityLines(photo)];
}

function verdictLines({ verdict }: ComparedPhoto): readonly string[] {
  if (verdict === null) return [];
  const { evidence } = verdict;
  const number = (value: number | null) => (value === null ? "-" : value.toFixed(3));
  const marks = `${verdict.upscaled ? ", upscaled" : ""}${verdict.distorted ? ", distorted" : ""}`;
  return [
    `  verdict ${verdict.kind}${marks} (framing ${evidence.framing ?? "-"})`,
    `  hash ${evidence.hashBits ?? "-"} of 256 bits, hp32 ${number(evidence.hp32)}, hp64 ${number(evidence.hp64)}, flipped ${number(evidence.hp32Flipped)}, registered ${number(evidence.registration)}, detail ${number(evidence.detailRatio)}; thresholds ${verdict.thresholds}`,
  ];
}

function identityLines({ identity, lastApplied, accepted }: ComparedPhoto): readonly string[] {
  const lines: string[] = [];
  if (identity?.kind === "other-user")
    lines.push(`  shows the master of ${plain(identity.displayName)} <${identity.upn}>`);
  if (identity?.kind === "own-retired") lines.push("  shows an older master of this user");
  if (identity?.kind === "shared") lines.push(`  stands on ${identity.accounts} accounts`);
  if (lastApplied !== null) lines.push(`  last written by photodrift ${lastApplied.at}`);
  if (accepted) lines.push("  accepted as wanted");
  return lines;
}

function profileLines(user: ComparedUser): readonly string[] {
  const { profile, pictureUrl, folder, stem } = user.sharePoint;
  if (profile.kind !== "present")
    return [`SharePoint profile: ${profile.kind === "unreadable" ? profile.error.message : profile.kind}`];
  return [
    `SharePoint profile: PictureURL ${profile.pictureUrl === "" ? "(empty)" : profile.pictureUrl}`,
    `  wanted ${pictureUrl} (folder ${folder}, stem ${stem})`,
    `  placeholder state ${profile.placeholderState ?? "not read"}, Exchange sync state ${profile.exchangeSyncState ?? "not read"}, timestamp ${profile.timestamp ?? "not read"}`,
  ];
}
