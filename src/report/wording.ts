import { thumbnailSizeOf, type PhotoAddress } from "../model/address.js";
import type { Finding, FindingDraft, Remedy } from "../model/finding.js";
import { byText } from "../model/ids.js";
import type { Cost, RunHead, RunSummary } from "../model/run.js";
import type { Cause } from "../model/rule.js";
import type { Digest, RuleTally } from "./digest.js";

/** The words all formats for people share. Everything returned may hold foreign text; each format makes it safe in its own way. */

/** 12345 -> `12 345`: grouped the same for every language. `gap` is the grouping character. */
export function count(value: number, gap = " "): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, gap);
}

/** `1 user`, `2 users`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

export function bytes(value: number): string {
  if (value < 1000) return `${value} B`;
  if (value < 1_000_000) return `${(value / 1000).toFixed(1)} kB`;
  return value < 1_000_000_000 ? `${(value / 1_000_000).toFixed(1)} MB` : `${(value / 1_000_000_000).toFixed(2)} GB`;
}

/** ISO 8601 -> `2026-11-23 11:49 UTC`; anything else is given back as it is. */
export function moment(iso: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/.exec(iso);
  return match ? `${match[1] ?? ""} ${match[2] ?? ""} UTC` : iso;
}

/** Time a run took, e.g. `4 s`, `3 min 12 s`, `2 h 05 min`; empty when a time is missing. */
export function duration(run: RunHead): string {
  const seconds = Math.round((Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000);
  if (!Number.isFinite(seconds) || seconds < 0) return "";
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${String(Math.floor((seconds % 3600) / 60)).padStart(2, "0")} min`;
}

/** `sharepoint/x/MThumb` -> `SharePoint M`; `exchange/x` of a merged photo -> `Exchange + Entra`. */
export function placeOf(finding: Pick<FindingDraft, "address" | "attribution">): string {
  const address: PhotoAddress = finding.address;
  if (address.startsWith("entra/")) return "Entra";
  if (address.startsWith("exchange/")) return finding.attribution === "merged" ? "Exchange + Entra" : "Exchange";
  if (address.startsWith("source/")) return "Masters";
  const size = thumbnailSizeOf(address);
  return size === null ? "SharePoint profile" : `SharePoint ${size}`;
}

const CAUSE_WORDS: Readonly<Record<Cause, string>> = {
  "never-synced": "photodrift has not written here yet",
  "master-changed": "the master changed after this picture was stored",
  "changed-in-tenant": "changed in the tenant since the last apply",
  unknown: "cause unknown",
};

export function causeWords(cause: Cause): string {
  return CAUSE_WORDS[cause];
}

/** What apply does with a finding, or who has to act. */
export function remedyWords(finding: Pick<FindingDraft, "remedy" | "rule">): string {
  const actions = finding.remedy.actions.join(", ");
  switch (finding.remedy.kind) {
    case "automatic":
      return `apply: ${actions}`;
    case "when-named":
      return `apply --rule ${finding.rule}: ${actions}`;
    case "manual":
      return finding.remedy.cure ?? "by hand";
    case "waits":
      return "heals by itself";
    case "none":
      return "nothing to do";
  }
}

/** The remedies of a whole rule in one line, e.g. `apply: upload-photo, write-thumbnail`; numbers only where they differ. */
export function remediesWords({ remedies }: RuleTally): string {
  const parts = [...remedies].map(([kind, { findings, example, actions }]) => {
    const does = [...actions].sort(byText).join(", ");
    const words =
      kind === "automatic" ? `apply: ${does}` : kind === "when-named" ? `apply --rule: ${does}` : remedyWords(example);
    return remedies.size > 1 ? `${count(findings)}× ${words}` : words;
  });
  return parts.join("; ");
}

/** Verdict as a title and a sentence. */
export function verdictWords(
  run: RunHead,
  summary: RunSummary,
  found: Pick<Digest, "rules" | "outcomes" | "encodedAnew">,
): { readonly title: string; readonly sentence: string } {
  const told = audited(run, summary);
  if (run.mode === "audit" && run.verdict === "drift" && summary.usersWithDrift === 0)
    return { title: told.title, sentence: nobodysWords(summary, found) };
  if (run.mode === "audit" || run.verdict === "failed" || (run.verdict === "refused" && found.outcomes.size === 0))
    return told;
  const done = doneWords(run, found);
  switch (run.verdict) {
    case "restored":
      return { title: "Restored", sentence: `${done}; ${leftWords(summary)}` };
    case "in-sync":
      return summary.usersInScope === 0 ? told : { title: told.title, sentence: `${done}; ${told.sentence}` };
    case "drift": {
      const title = run.mode === "undo" ? "Not all restored" : "Drift left";
      return {
        title,
        sentence: [done, leftWords(summary), whoDecides(found)].filter((part) => part !== "").join("; "),
      };
    }
    default:
      return { title: told.title, sentence: `${done}; ${told.sentence}` };
  }
}

/** Drift that is no user's: thumbnails that belong to nobody. */
function nobodysWords({ usersInScope }: RunSummary, { rules }: Pick<Digest, "rules">): string {
  const drifting = [...new Set(rules.filter(({ drift }) => drift).map(({ rule }) => rule))];
  const what = drifting.length === 0 ? "" : `: ${drifting.join(", ")}`;
  return `none of ${counted(usersInScope, "user")} in scope differs from what is wanted; what drifts belongs to no user${what}`;
}

/** What a run with writes did, e.g. `40 writes done, 2 failed`. */
function doneWords(run: RunHead, { outcomes, encodedAnew }: Pick<Digest, "outcomes" | "encodedAnew">): string {
  const done = counted(
    outcomes.get("applied") ?? 0,
    run.mode === "undo" ? "write taken back" : "write done",
    run.mode === "undo" ? "writes taken back" : "writes done",
  );
  const others = (["failed", "stale", "skipped"] as const).flatMap((kind) => {
    const found = outcomes.get(kind) ?? 0;
    return found === 0 ? [] : [`${count(found)} ${kind}`];
  });
  const anew =
    encodedAnew === 0
      ? []
      : [`${counted(encodedAnew, "picture")} in other bytes than before, encoded anew by the service`];
  return [outcomes.size === 0 ? "nothing was to be written" : done, ...anew, ...others].join(", ");
}

function leftWords(summary: RunSummary): string {
  const { usersWithDrift, usersInScope } = summary;
  if (usersInScope === 0) return "what else drifts is known where the audit was made";
  return `${count(usersWithDrift)} of ${counted(usersInScope, "user")} in scope still ${usersWithDrift === 1 ? "differs" : "differ"} from what is wanted${lookedAtWords(summary)}`;
}

/** Whose turn it is: another apply, or a person, and about which rules. */
function whoDecides({ rules }: Pick<Digest, "rules">): string {
  const left = rules.filter(({ drift }) => drift);
  const names = (kinds: readonly Remedy["kind"][]) => [
    ...new Set(left.filter(({ remedies }) => kinds.some((kind) => remedies.has(kind))).map(({ rule }) => rule)),
  ];
  const person = names(["when-named", "manual"]);
  const again = names(["automatic"]);
  return [
    ...(person.length === 0 ? [] : [`a person must decide on ${person.join(", ")}`]),
    ...(again.length === 0 ? [] : [`the next apply can mend ${again.join(", ")}`]),
  ].join("; ");
}

function audited(run: RunHead, summary: RunSummary): { readonly title: string; readonly sentence: string } {
  const asFar = lookedAtWords(summary);
  const drift = `${count(summary.usersWithDrift)} of ${counted(summary.usersInScope, "user")} in scope ${summary.usersWithDrift === 1 ? "differs" : "differ"} from what is wanted${asFar}`;
  switch (run.verdict) {
    case "in-sync":
      return {
        title: "In sync",
        sentence:
          summary.usersInScope === 0
            ? "no user was in scope: check the scope section of the configuration"
            : `the photos of ${everybody(summary.usersInScope)} in scope are as wanted${asFar}`,
      };
    case "drift":
      return { title: "Drift found", sentence: drift };
    case "restored":
      return { title: "Restored", sentence: drift };
    case "incomplete":
      return {
        title: "Incomplete",
        sentence: `some users or stores could not be read or written, the rest is true; ${drift}`,
      };
    case "refused":
      return { title: "Refused", sentence: "a safety limit or the tenant's own policy stopped the run" };
    case "interrupted":
      return { title: "Interrupted", sentence: "the state is consistent; the next run resumes" };
    case "failed":
      return { title: "Failed", sentence: "the run ended with an error; nothing here can be trusted" };
  }
}

function everybody(users: number): string {
  return users === 1 ? "the one user" : `all ${counted(users, "user")}`;
}

/** What a narrowed run can speak for. */
function lookedAtWords({ narrowedTo = [] }: RunSummary): string {
  return narrowedTo.length === 0 ? "" : `, as far as this run looked: ${narrowedTo.join(" ")}`;
}

/** The cost line: requests by service, bytes, throttling. */
export function costWords(cost: Cost): string {
  const { login, graph, sharepoint, exchange } = cost.requests;
  const services = Object.entries({ login, graph, sharepoint, exchange }).filter(([, n]) => n > 0);
  const by = services.map(([name, n]) => `${name} ${count(n)}`).join(", ");
  const requests = counted(login + graph + sharepoint + exchange, "request") + (by === "" ? "" : ` (${by})`);
  const throttled =
    cost.throttled === 0
      ? "never throttled"
      : `throttled ${count(cost.throttled)}×, waited ${count(cost.waitedSeconds)} s`;
  return `${requests} · ${bytes(cost.bytesIn)} in, ${bytes(cost.bytesOut)} out · ${counted(cost.imagesDownloaded, "image")} read · ${throttled}`;
}

/** A finding that this run saw first. */
export function isNew(finding: Finding, run: RunHead): boolean {
  return finding.firstSeen === run.startedAt;
}
