import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { request } from "node:https";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, isTaken, readRunning, removeRunning, type RunningSandbox } from "./folder.js";

const STOP_PATIENCE = 10_000;

/**
 * Changes a running sandbox: `key=value` pairs in order, a key may come several times. Paths of pictures are taken from the present folder.
 * Throws Error with the reason when nothing runs in DIR, RangeError when a pair is wrong (the pairs before it are done).
 */
export async function setSandbox(dir: string, pairs: readonly string[]): Promise<readonly string[]> {
  const running = await runningIn(dir);
  const done: string[] = [];
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    if (at < 1) throw new RangeError(`"${pair}" is not key=value`);
    const key = pair.slice(0, at);
    const answer = await call(dir, running, "POST", "/sandbox/set", { [key]: absolute(key, pair.slice(at + 1)) });
    if (answer.status !== 200) throw new RangeError(String((JSON.parse(answer.body) as { error: unknown }).error));
    done.push(pair);
  }
  return done;
}

/** Stops the sandbox of DIR and waits until it is gone. False when none was running. */
export async function stopSandbox(dir: string): Promise<boolean> {
  const running = await readRunning(dir);
  if (running === null) return false;
  if (!isAlive(running.pid)) {
    await removeRunning(dir);
    return false;
  }
  await call(dir, running, "POST", "/sandbox/stop", {});
  const until = Date.now() + STOP_PATIENCE;
  while (isTaken(dir)) {
    if (Date.now() > until) throw new Error(`the sandbox of ${dir} (process ${running.pid}) does not stop`);
    await sleep(20);
  }
  return true;
}

/** `GET /sandbox/log` or `/sandbox/state` of the running sandbox, parsed. */
export async function readSandbox(dir: string, what: string): Promise<unknown> {
  const answer = await call(dir, await runningIn(dir), "GET", `/sandbox/${what}`, null);
  return JSON.parse(answer.body) as unknown;
}

async function runningIn(dir: string): Promise<RunningSandbox> {
  const running = await readRunning(dir);
  if (running === null || !isAlive(running.pid)) {
    throw new Error(`no sandbox runs in ${dir}; start one with: photodrift sandbox start --dir ${dir}`);
  }
  return running;
}

function absolute(key: string, value: string): string {
  return /\.photo\.\w+$/.test(key) && existsSync(value) ? resolve(value) : value;
}

async function call(
  dir: string,
  running: RunningSandbox,
  method: string,
  path: string,
  body: object | null,
): Promise<{ readonly status: number; readonly body: string }> {
  const ca = await readFile(join(dir, "ca.pem"));
  return new Promise((resolveCall, reject) => {
    const sent = request(`${running.origins.graph}${path}`, { method, ca, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () =>
        resolveCall({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString() }),
      );
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(body === null ? undefined : JSON.stringify(body));
  });
}
