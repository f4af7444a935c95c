import { thumbnailSizeOf, type PhotoAddress } from "../model/address.js";
import type { Finding, FindingDraft, JsonValue } from "../model/finding.js";
import type { Cost, RunHead, RunSummary } from "../model/run.js";
import type { Cause } from "../model/rule.js";

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
  "never-synced": "never put there by photodrift",
  "master-changed": "the master changed since the last apply",
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

/** The remedy of a whole rule, short: what apply does, or that the rule has to be named. */
export function remedyGist(finding: Pick<FindingDraft, "remedy" | "rule">): string {
  const { kind, actions } = finding.remedy;
  return kind === "when-named" ? `apply --rule: ${actions.join(", ")}` : remedyWords(finding);
}

/** Verdict as a title and a sentence. */
export function verdictWords(run: RunHead, summary: RunSummary): { readonly title: string; readonly sentence: string } {
  const drift = `${count(summary.usersWithDrift)} of ${counted(summary.usersInScope, "user")} in scope ${summary.usersWithDrift === 1 ? "differs" : "differ"} from what is wanted`;
  switch (run.verdict) {
    case "in-sync":
      return {
        title: "In sync",
        sentence:
          summary.usersInScope === 0
            ? "no user was in scope: check the scope section of the configuration"
            : `the photos of all ${counted(summary.usersInScope, "user")} in scope are as wanted`,
      };
    case "drift":
      return { title: "Drift found", sentence: drift };
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

/** A value of expected or actual as text; lists become JSON. */
export function valueWords(value: JsonValue): string {
  if (value === "") return "(empty)";
  if (value === null) return "unknown";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

type Facts = { readonly [key: string]: JsonValue };

/** Members of expected or actual as [words, value]; those of nested objects under both names: `evidence hash bits`. */
export function* flat(facts: Facts, prefix = ""): Iterable<readonly [key: string, value: JsonValue]> {
  for (const [name, value] of Object.entries(facts)) {
    const key = `${prefix}${spaced(name)}`;
    if (isFacts(value)) yield* flat(value, `${key} `);
    else yield [key, value];
  }
}

function isFacts(value: JsonValue): value is Facts {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a terminal line has no room for, or what says nothing to people. */
const NOT_FOR_PEOPLE = /^(?:evidence |etag$|sha256$|retired$|photo$|verdict$)/;

/** The gist of expected or actual in one line, e.g. `1200×1200 px, master anna.jpg`. */
export function factsWords(facts: Facts): string {
  const { width, height } = facts as { readonly width?: JsonValue; readonly height?: JsonValue };
  const sized = typeof width === "number" && typeof height === "number";
  const parts = sized ? [`${width}×${height} px`] : [];
  for (const [key, value] of flat(facts)) {
    if (value === null || NOT_FOR_PEOPLE.test(key) || (sized && (key === "width" || key === "height"))) continue;
    parts.push(key === "bytes" && typeof value === "number" ? bytes(value) : `${key} ${valueWords(value)}`);
  }
  return parts.join(", ");
}

/** Summary of one of several thumbnails with the same finding, which are named together in front of it. */
export function withoutPlace(summary: string): string {
  return summary.replace(/^SharePoint's [SML] thumbnail /, "");
}

/** `pictureUrl` -> `picture url`. */
export function spaced(key: string): string {
  return key.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
}

/** A finding that this run saw first. */
export function isNew(finding: Finding, run: RunHead): boolean {
  return finding.firstSeen >= run.startedAt;
}
