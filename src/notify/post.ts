import { retryAfterMs } from "../model/retry-after.js";

/** What sending needs from outside. */
export interface PostPorts {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Waits; milliseconds. */
  readonly sleep: (ms: number) => Promise<void>;
}

export interface PostResult {
  readonly ok: boolean;
  readonly attempts: number;
  /** `HTTP 202`, `HTTP 404`, `ECONNREFUSED`, `no answer in 10 s`. Never holds the address. */
  readonly detail: string;
}

const TIMEOUT_MS = 10_000;
const ATTEMPTS = 3;
const LONGEST_WAIT_MS = 15_000;

/**
 * Posts a JSON text; up to three attempts where another may help (429, 5xx, network), within about a minute. Redirects are not
 * followed: the address is a secret and the signature is meant for one receiver. Never rejects.
 */
export async function postJson(
  url: string,
  body: string,
  headers: { readonly [name: string]: string },
  ports: PostPorts,
): Promise<PostResult> {
  for (let attempt = 1; ; attempt++) {
    const answer = await once(url, body, headers, ports);
    if (answer.ok || !answer.again || attempt >= ATTEMPTS)
      return { ok: answer.ok, attempts: attempt, detail: answer.detail };
    await ports.sleep(Math.min(answer.waitMs ?? 1_000 * 2 ** (attempt - 1), LONGEST_WAIT_MS));
  }
}

interface Answer {
  readonly ok: boolean;
  readonly again: boolean;
  readonly waitMs: number | null;
  readonly detail: string;
}

async function once(
  url: string,
  body: string,
  headers: { readonly [name: string]: string },
  ports: PostPorts,
): Promise<Answer> {
  try {
    const response = await ports.fetch(url, {
      method: "POST",
      body,
      headers: { "content-type": "application/json; charset=utf-8", "user-agent": "photodrift", ...headers },
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    const { status } = response;
    const again = status === 429 || status >= 500;
    return {
      ok: response.ok,
      again,
      waitMs: retryAfterMs(Object.fromEntries(response.headers), Date.now()),
      detail: `HTTP ${status}`,
    };
  } catch (error) {
    return { ok: false, again: true, waitMs: null, detail: reasonOf(error) };
  }
}

/** Only names and codes: messages of network errors may quote the address. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === "TimeoutError") return `no answer in ${TIMEOUT_MS / 1_000} s`;
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
  const code: unknown = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined;
  return typeof code === "string" && /^[A-Z0-9_]+$/.test(code) ? code : "no connection";
}
