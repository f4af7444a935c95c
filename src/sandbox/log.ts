import { HOSTS, type HostName } from "./http.js";

export interface LogEntry {
  /** Milliseconds since 1970, wall clock. */
  readonly time: number;
  readonly host: HostName;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** SHA-256 of the JPEG that was uploaded; null for every other body. */
  readonly sentSha256: string | null;
  readonly userAgent: string;
  readonly flags: readonly string[];
  /** A sub-request of a Graph `$batch`. */
  readonly batched: boolean;
}

export interface LogSummary {
  readonly requests: number;
  readonly batchedRequests: number;
  readonly requestsByHost: { readonly [host: string]: number };
  readonly bytesByHost: { readonly [host: string]: { readonly in: number; readonly out: number } };
  readonly byMethod: { readonly [method: string]: number };
  readonly byStatus: { readonly [status: string]: number };
  /** What a rude client did, by kind, with the first places where it did it. */
  readonly accusations: readonly {
    readonly kind: string;
    readonly count: number;
    readonly examples: readonly string[];
  }[];
  readonly maxConcurrentPerMailbox: number;
  /** Entries that were dropped because the log is bounded. */
  readonly dropped: number;
}

/** Every request served; the last `limit` entries are kept, the counters count all. */
export interface RequestLog {
  readonly record: (entry: LogEntry) => void;
  readonly accuse: (kind: string, where: string) => void;
  readonly sawConcurrency: (perMailbox: number) => void;
  readonly entries: (last?: number) => LogEntry[];
  readonly summary: () => LogSummary;
  readonly clear: () => void;
}

const EXAMPLES = 10;
const PATH_LENGTH = 400;

export function createRequestLog(limit = 200_000): RequestLog {
  let ring: LogEntry[] = [];
  let next = 0;
  let counters = freshCounters();
  // User agents and flag lists repeat; one copy each keeps 200,000 entries near 50 MB.
  const interned = new Map<string, string>();
  const flagLists = new Map<string, readonly string[]>();

  function record(entry: LogEntry): void {
    const flagKey = entry.flags.join();
    if (!flagLists.has(flagKey)) flagLists.set(flagKey, entry.flags);
    const kept: LogEntry = {
      ...entry,
      path: entry.path.length > PATH_LENGTH ? `${entry.path.slice(0, PATH_LENGTH)}…` : entry.path,
      userAgent: intern(entry.userAgent),
      flags: flagLists.get(flagKey) ?? entry.flags,
    };
    if (ring.length < limit) ring.push(kept);
    else {
      ring[next] = kept;
      next = (next + 1) % limit;
      counters.dropped += 1;
    }
    count(counters, kept);
  }

  function intern(text: string): string {
    const known = interned.get(text);
    if (known !== undefined) return known;
    if (interned.size < 1000) interned.set(text, text);
    return text;
  }

  return {
    record,
    accuse: (kind, where) => {
      const accusation = counters.accusations.get(kind) ?? { count: 0, examples: [] };
      accusation.count += 1;
      if (accusation.examples.length < EXAMPLES) accusation.examples.push(where.slice(0, PATH_LENGTH));
      counters.accusations.set(kind, accusation);
    },
    sawConcurrency: (perMailbox) => {
      if (perMailbox > counters.maxConcurrent) counters.maxConcurrent = perMailbox;
    },
    entries: (last) => {
      const ordered = [...ring.slice(next), ...ring.slice(0, next)];
      return last === undefined ? ordered : ordered.slice(-last);
    },
    summary: () => ({
      requests: counters.requests,
      batchedRequests: counters.batched,
      requestsByHost: { ...counters.requestsByHost },
      bytesByHost: structuredClone(counters.bytesByHost),
      byMethod: Object.fromEntries(counters.byMethod),
      byStatus: Object.fromEntries(counters.byStatus),
      accusations: [...counters.accusations].map(([kind, { count, examples }]) => ({ kind, count, examples })),
      maxConcurrentPerMailbox: counters.maxConcurrent,
      dropped: counters.dropped,
    }),
    clear: () => {
      ring = [];
      next = 0;
      counters = freshCounters();
    },
  };
}

interface Counters {
  requests: number;
  batched: number;
  dropped: number;
  maxConcurrent: number;
  readonly requestsByHost: { [host in HostName]: number };
  readonly bytesByHost: { [host in HostName]: { in: number; out: number } };
  readonly byMethod: Map<string, number>;
  readonly byStatus: Map<string, number>;
  readonly accusations: Map<string, { count: number; examples: string[] }>;
}

function freshCounters(): Counters {
  return {
    requests: 0,
    batched: 0,
    dropped: 0,
    maxConcurrent: 0,
    requestsByHost: Object.fromEntries(HOSTS.map((host) => [host, 0])) as { [host in HostName]: number },
    bytesByHost: Object.fromEntries(HOSTS.map((host) => [host, { in: 0, out: 0 }])) as {
      [host in HostName]: { in: number; out: number };
    },
    byMethod: new Map(),
    byStatus: new Map(),
    accusations: new Map(),
  };
}

/** Sub-requests of a batch are counted apart: on the wire they are one request, and their bytes are in it. */
function count(counters: Counters, entry: LogEntry): void {
  if (entry.batched) {
    counters.batched += 1;
    return;
  }
  counters.requests += 1;
  counters.requestsByHost[entry.host] += 1;
  counters.bytesByHost[entry.host].in += entry.bytesIn;
  counters.bytesByHost[entry.host].out += entry.bytesOut;
  counters.byMethod.set(entry.method, (counters.byMethod.get(entry.method) ?? 0) + 1);
  counters.byStatus.set(String(entry.status), (counters.byStatus.get(String(entry.status)) ?? 0) + 1);
}
