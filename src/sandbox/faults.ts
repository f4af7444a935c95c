import type { HostName } from "./http.js";
import { parseFaults, type FaultKind, type FaultRule, type RetryAfter } from "./fault-rules.js";
import { randomFrom } from "./random.js";

/** What a rule is matched against: one request, or one sub-request of a Graph `$batch`. */
export interface FaultProbe {
  readonly host: HostName;
  readonly method: string;
  readonly target: string;
  readonly inBatch: boolean;
  /** Text beside the target in which a user may be named (SharePoint bodies); empty when none. */
  readonly text: string;
}

export interface Fault {
  readonly kind: FaultKind;
  readonly retryAfter: RetryAfter;
  readonly delay: number;
}

/** The faults that are on. Rules are tried in order; the first that matches and fires decides. */
export interface FaultBook {
  readonly add: (text: string) => void;
  readonly replace: (text: string) => void;
  readonly list: () => readonly string[];
  /** `image`: the answer is a picture, only rules that spoil pictures are asked; `request`: all the others. */
  readonly draw: (probe: FaultProbe, stage: "request" | "image") => Fault | null;
}

/** `needles` gives the spellings under which a user appears in requests (id, UPN, library stem), lower case. */
export function createFaultBook(seed: number, needles: (user: string) => readonly string[]): FaultBook {
  let rules: FaultRule[] = [];
  const random = randomFrom(seed, "faults");
  return {
    add: (text) => {
      rules.push(...parseFaults(text));
    },
    replace: (text) => {
      rules = parseFaults(text);
    },
    list: () => rules.map((rule) => rule.text),
    draw: (probe, stage) => {
      for (const rule of rules) {
        if (isImageKind(rule.kind) !== (stage === "image")) continue;
        if (rule.count <= 0 || !matches(rule, probe, needles)) continue;
        if (rule.skip > 0) {
          rule.skip -= 1;
          continue;
        }
        if (rule.rate < 1 && random.next() >= rule.rate) continue;
        rule.count -= 1;
        return { kind: rule.kind, retryAfter: rule.retryAfter, delay: rule.delay };
      }
      return null;
    },
  };
}

const TRANSPORT = new Set<FaultKind>(["reset-before", "reset-within", "reset-after", "down", "slow"]);

function matches(rule: FaultRule, probe: FaultProbe, needles: (user: string) => readonly string[]): boolean {
  if (rule.hosts && !rule.hosts.includes(probe.host)) return false;
  if (!(probe.inBatch ? meansParts(rule) : !rule.inBatch)) return false;
  if (rule.method !== null && rule.method !== probe.method) return false;
  if (rule.route !== null && !rule.route.test(probe.target)) return false;
  if (rule.user === null) return true;
  const text = `${decoded(probe.target)} ${probe.text}`.toLowerCase();
  return needles(rule.user).some((needle) => text.includes(needle));
}

/** A rule without route or user means whole requests; it would otherwise count twice, for a batch and for its parts. */
function meansParts({ inBatch, route, user, kind }: FaultRule): boolean {
  const aimed = inBatch || route !== null || user !== null || isImageKind(kind);
  return aimed && !TRANSPORT.has(kind);
}

function isImageKind(kind: FaultKind): boolean {
  return kind === "truncated-image" || kind === "corrupt-image";
}

function decoded(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}
