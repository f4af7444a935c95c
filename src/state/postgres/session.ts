import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";

/**
 * Times of a session, milliseconds: how often it says something, how long an answer may take, and after which silence the server drops it.
 */
export interface SessionTimes {
  readonly beat: number;
  readonly patience: number;
  readonly silence: number;
}

/**
 * A connection of its own whose life is a sign of life: PostgreSQL drops it, and the locks it holds, when its process died, was stopped or
 * is cut off. It is in a transaction from the beginning to the end: idle outside of one it would stay for ever (PostgreSQL 13 has no
 * idle_session_timeout).
 */
export interface WatchedSession {
  readonly client: pg.Client;
  /** Aborted when the session is gone, or does not answer any more. */
  readonly lost: AbortSignal;
  /** Makes safe what was written here; the session goes on in the next transaction. */
  commit(): Promise<void>;
  /** When the last question was asked that the server has answered; milliseconds of the session's clock. */
  heard(): number;
  /** Asks now, or shares the question that is under way; resolves with the answer or the loss. */
  ask(): Promise<void>;
  /** Counts the session as lost. */
  lose(): void;
  /** Ends it in silence; the locks go with it. */
  end(): Promise<void>;
}

/**
 * Connects a client as a watched session. Rejects with the client's own error where there is no way to the server.
 * @param name as `application_name` in pg_stat_activity
 * @param now milliseconds of a clock that is never put back
 */
export async function watchSession(
  client: pg.Client,
  name: string,
  times: SessionTimes,
  now: () => number = () => performance.now(),
): Promise<WatchedSession> {
  const abort = new AbortController();
  const lose = (): void => abort.abort();
  client.on("error", lose);
  client.on("end", lose);
  async function close(): Promise<void> {
    client.removeAllListeners("end");
    await client.end().catch(() => undefined);
  }
  try {
    await client.connect();
    await prepare(client, name, times);
    await client.query("BEGIN");
  } catch (error) {
    await close();
    throw error;
  }
  let heard = now();
  let asking: Promise<void> | null = null;

  /** An answer proves the session as of when it was asked for. */
  async function question(): Promise<void> {
    const asked = now();
    const answered = new AbortController();
    try {
      await Promise.race([
        client.query("SELECT 1"),
        sleep(times.patience, undefined, { signal: answered.signal, ref: false }).then(() => {
          throw new Error("no answer");
        }),
      ]);
      heard = asked;
    } catch {
      lose();
    } finally {
      answered.abort();
    }
  }
  const ask = (): Promise<void> => (asking ??= question().finally(() => (asking = null)));
  const timer = setInterval(() => void ask(), times.beat);
  timer.unref();
  abort.signal.addEventListener("abort", () => clearInterval(timer), { once: true });
  return {
    client,
    lost: abort.signal,
    async commit() {
      await client.query("COMMIT AND CHAIN");
    },
    heard: () => heard,
    ask,
    lose,
    end() {
      clearInterval(timer);
      return close();
    },
  };
}

async function prepare(client: pg.Client, name: string, { silence }: SessionTimes): Promise<void> {
  const seconds = (share: number): string => String(Math.max(1, Math.round((silence * share) / 1000)));
  const settings = {
    idle_in_transaction_session_timeout: String(silence),
    tcp_keepalives_idle: seconds(1 / 3),
    tcp_keepalives_interval: seconds(1 / 6),
    tcp_keepalives_count: "3",
    tcp_user_timeout: String(silence),
    application_name: name,
  };
  const calls = Object.keys(settings).map(
    (_, at) => `set_config($${String(2 * at + 1)}, $${String(2 * at + 2)}, false)`,
  );
  await client.query(`SELECT ${calls.join(", ")}`, Object.entries(settings).flat());
}
