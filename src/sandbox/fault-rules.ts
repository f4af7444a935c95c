import { HOSTS, type HostName } from "./http.js";

/** What goes wrong. `reset-*` breaks the connection before, within or after the answer; `down` refuses every byte. */
export const FAULT_KINDS = [
  "429",
  "503",
  "500",
  "502",
  "504",
  "401",
  "403",
  "409",
  "412",
  "423",
  "reset-before",
  "reset-within",
  "reset-after",
  "truncated-image",
  "corrupt-image",
  "html-for-json",
  "empty-404",
  "slow",
  "down",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export type RetryAfter = { readonly form: "seconds" | "date"; readonly seconds: number } | { readonly form: "none" };

export interface FaultRule {
  readonly text: string;
  readonly kind: FaultKind;
  readonly hosts: readonly HostName[] | null;
  readonly method: string | null;
  /** Matched against path and query, `*` for anything, case-insensitive. */
  readonly route: RegExp | null;
  /** UPN or id; matched in path, query and (SharePoint) body. */
  readonly user: string | null;
  /** Only sub-requests of Graph `$batch`. */
  readonly inBatch: boolean;
  /** Share of the matching requests that fail, 0 to 1. */
  readonly rate: number;
  /** Matching requests left alone at first. */
  skip: number;
  /** How often it still happens. */
  count: number;
  readonly retryAfter: RetryAfter;
  /** For `slow`: milliseconds before the answer. */
  readonly delay: number;
}

/** Named mixtures for rehearsals (`--faults storm`). */
export const FAULT_PROFILES: { readonly [name: string]: string } = {
  storm: "429,host=graph,rate=0.2,after=1;429,host=sharepoint*,rate=0.2,after=1",
  "storm-date": "429,rate=0.15,after=date:2,host=graph;429,rate=0.15,after=date:2,host=sharepoint*",
  "storm-silent": "429,rate=0.15,after=none,host=graph;503,rate=0.1,after=none,host=sharepoint*",
  flaky: "reset-before,rate=0.02;reset-within,rate=0.02;reset-after,rate=0.02;503,rate=0.03,after=1;500,rate=0.02",
  images: "truncated-image,rate=0.1;corrupt-image,rate=0.1;html-for-json,rate=0.02",
  "sharepoint-down": "down,host=sharepoint*",
  "graph-down": "down,host=graph",
};

/**
 * Reads fault rules: `kind[,host=graph][,route=*photo*][,method=PUT][,user=UPN][,rate=0.1][,count=5][,skip=2][,after=30|date:30|none]
 * [,delay=2000][,in=batch]`, several separated by `;`, or the name of a profile. Throws RangeError that names the wrong part.
 */
export function parseFaults(text: string): FaultRule[] {
  const wanted = text.trim();
  if (wanted === "" || wanted === "none") return [];
  return wanted
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .flatMap((part) => (FAULT_PROFILES[part] === undefined ? [parseRule(part)] : parseFaults(FAULT_PROFILES[part])));
}

const KEYS = ["host", "method", "route", "user", "in", "rate", "skip", "count", "after", "delay"];

function parseRule(text: string): FaultRule {
  const [kindText = "", ...settings] = text.split(",").map((part) => part.trim());
  const kind = kindOf(kindText);
  const given = settingsOf(text, settings);
  const number = (key: string, byDefault: string, most?: number): number =>
    numberOf(text, key, given.get(key) ?? byDefault, most);
  const route = given.get("route");
  const rule: FaultRule = {
    text,
    kind,
    hosts: hostsOf(text, given.get("host")),
    method: given.get("method")?.toUpperCase() ?? null,
    route: route === undefined ? null : globOf(route),
    user: given.get("user")?.toLowerCase() ?? null,
    inBatch: given.get("in") === "batch",
    rate: number("rate", "1", 1),
    skip: number("skip", "0"),
    count: number("count", "Infinity"),
    retryAfter: retryAfterOf(text, given.get("after") ?? (kind === "429" ? "10" : "none")),
    delay: number("delay", "2000"),
  };
  const unknown = [...given.keys()].find((key) => !KEYS.includes(key));
  if (unknown === undefined) return rule;
  throw new RangeError(`fault "${text}": unknown key "${unknown}" (known: ${KEYS.join(", ")})`);
}

function settingsOf(rule: string, settings: readonly string[]): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  for (const setting of settings) {
    const at = setting.indexOf("=");
    if (at < 1) throw new RangeError(`fault "${rule}": "${setting}" is not key=value`);
    given.set(setting.slice(0, at), setting.slice(at + 1));
  }
  return given;
}

const ALIASES: { readonly [name: string]: FaultKind } = {
  reset: "reset-before",
  truncated: "truncated-image",
  corrupt: "corrupt-image",
  html: "html-for-json",
};

function kindOf(text: string): FaultKind {
  const kind = FAULT_KINDS.find((known) => known === text) ?? ALIASES[text];
  if (kind) return kind;
  const names = [...FAULT_KINDS, ...Object.keys(FAULT_PROFILES)].join(", ");
  throw new RangeError(`fault "${text}" is unknown (known: ${names})`);
}

function hostsOf(rule: string, text: string | undefined): readonly HostName[] | null {
  if (text === undefined || text === "*") return null;
  const pattern = globOf(text);
  const hosts = HOSTS.filter((host) => pattern.test(host));
  if (hosts.length === 0) throw new RangeError(`fault "${rule}": no host "${text}" (known: ${HOSTS.join(", ")})`);
  return hosts;
}

function globOf(text: string): RegExp {
  const escaped = text.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${escaped}$`, "is");
}

function numberOf(rule: string, key: string, text: string, most = Infinity): number {
  const value = Number(text);
  if (text === "" || Number.isNaN(value) || value < 0 || value > most) {
    throw new RangeError(`fault "${rule}": ${key}=${text} is not a number${most === 1 ? " from 0 to 1" : ""}`);
  }
  return value;
}

function retryAfterOf(rule: string, text: string): RetryAfter {
  if (text === "none") return { form: "none" };
  const dated = /^date(?::(\d+(?:\.\d+)?))?$/.exec(text);
  if (dated) return { form: "date", seconds: Number(dated[1] ?? "10") };
  return { form: "seconds", seconds: numberOf(rule, "after", text) };
}
