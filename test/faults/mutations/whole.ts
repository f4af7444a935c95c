import { gzipSync } from "node:zlib";
import type { Mutation, Scene } from "../mutation.js";
import { json, PLAIN, type Answer, type Delivery } from "../wire.js";

const PAGE =
  "<!doctype html><html><head><title>Sign in</title></head><body>Please sign in to the network.</body></html>";

/** 128 MB of blanks in 128 kB. */
const BOMB = gzipSync(Buffer.concat([Buffer.from('{"value":['), Buffer.alloc(128 * 1024 * 1024, " ")]), { level: 9 });

function html(status: number): Answer {
  return { status, headers: { "content-type": "text/html; charset=utf-8" }, body: Buffer.from(PAGE), delivery: PLAIN };
}

function empty(status: number): Answer {
  return { status, headers: {}, body: Buffer.alloc(0), delivery: PLAIN };
}

function replaced(id: string, says: string, answer: (scene: Scene) => Answer): Mutation {
  return { id, says, shape: "answer", change: (scene) => ({ answer: answer(scene) }) };
}

function delivered(id: string, says: string, delivery: Delivery): Mutation {
  return replaced(id, says, ({ answer }) => ({ ...answer, delivery }));
}

/** Changes that any answer can meet: what proxies, gateways and broken connections make of it. */
export const WHOLE: readonly Mutation[] = [
  replaced("html-200", "a sign-in page with status 200", () => html(200)),
  replaced("html-404", "a proxy's page with status 404", () => html(404)),
  replaced("empty-404", "404 without a body", () => empty(404)),
  replaced("empty-200", "200 without a body", () => empty(200)),
  replaced("json-null", "200 with JSON null", () => json(200, null)),
  replaced("json-empty", "200 with {}", () => json(200, {})),
  replaced("unknown-404", "404 with a code nobody knows", () =>
    json(404, { error: { code: "ErrorUnheardOf", message: "Something could not be found." } }),
  ),
  replaced("authentication-400", "400 AuthenticationError", () =>
    json(400, { error: { code: "AuthenticationError", message: "Error authenticating with resource" } }),
  ),
  replaced("refused-401", "401 on a fresh token, for ever", () =>
    json(401, { error: { code: "InvalidAuthenticationToken", message: "Access token is empty." } }),
  ),
  replaced("redirect", "a redirect to another host", () => ({
    ...empty(302),
    headers: { location: "https://127.0.0.1:9/elsewhere" },
  })),
  delivered("length-too-long", "Content-Length beyond the body", { kind: "wrong-length", off: 100 }),
  delivered("length-too-short", "Content-Length short of the body", { kind: "wrong-length", off: -1 }),
  delivered("one-byte-a-second", "one byte a second for ever", { kind: "drip" }),
  delivered("json-500-mb", "500 MB of JSON", { kind: "flood", bytes: 500 * 1024 * 1024 }),
  replaced("gzip-bomb", "128 MB packed into 128 kB", ({ answer }) => ({
    ...answer,
    status: 200,
    headers: { "content-type": "application/json", "content-encoding": "gzip" },
    body: BOMB,
  })),
];
