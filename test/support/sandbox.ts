import { mkdtemp, readFile, rm } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSandbox, type RunningSandboxServer, type SandboxOptions } from "../../src/sandbox/index.js";

/** A sandbox of a test in a folder of its own. */
export interface TestSandbox extends RunningSandboxServer {
  readonly ca: string;
  readonly send: (url: string, options?: SendOptions) => Promise<Answer>;
  /** A token by client secret or certificate for a resource, straight from the token endpoint. */
  readonly set: (pairs: { readonly [key: string]: string | readonly string[] }) => Promise<Answer>;
  readonly secretToken: (resource: string) => Promise<string>;
  readonly log: () => Promise<SandboxLog>;
  readonly clearLog: () => Promise<void>;
}

export interface SendOptions {
  readonly method?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string | Buffer;
  readonly token?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly bytes: Buffer;
  readonly text: string;
  /** Parsed body; undefined when it is no JSON. */
  readonly json: unknown;
}

export interface SandboxLog {
  readonly entries: readonly {
    readonly host: string;
    readonly method: string;
    readonly path: string;
    readonly status: number;
    readonly flags: readonly string[];
    readonly batched: boolean;
    readonly sentSha256: string | null;
  }[];
  readonly summary: {
    readonly requests: number;
    readonly requestsByHost: { readonly [host: string]: number };
    readonly bytesByHost: { readonly [host: string]: { readonly in: number; readonly out: number } };
    readonly accusations: readonly {
      readonly kind: string;
      readonly count: number;
      readonly examples: readonly string[];
    }[];
    readonly maxConcurrentPerMailbox: number;
  };
}

/** Starts a sandbox in a new temporary folder; `close` stops it and removes the folder. */
export async function openSandbox(
  options: Omit<SandboxOptions, "dir"> = {},
): Promise<TestSandbox & { readonly close: () => Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), "photodrift-sandbox-"));
  const running = await startSandbox({ users: 25, profile: "clean", ...options, dir });
  const ca = await readFile(join(dir, "ca.pem"), "utf8");
  const send = (url: string, given: SendOptions = {}): Promise<Answer> => sendTo(ca, url, given);
  const control = `${running.origins.graph}/sandbox`;
  return {
    ...running,
    ca,
    send,
    set: (pairs) => send(`${control}/set`, { method: "POST", body: JSON.stringify(pairs) }),
    secretToken: async (resource) => {
      const form = new URLSearchParams({
        client_id: running.clientId,
        client_secret: running.clientSecret,
        grant_type: "client_credentials",
        scope: `${resource}/.default`,
      });
      const url = `${running.origins.login}/${running.tenantId}/oauth2/v2.0/token`;
      const answer = await send(url, { method: "POST", body: form.toString() });
      return String((answer.json as { access_token: unknown }).access_token);
    },
    log: async () => (await send(`${control}/log`)).json as SandboxLog,
    clearLog: async () => {
      await send(`${control}/log`, { method: "DELETE" });
    },
    close: async () => {
      await running.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function sendTo(ca: string, url: string, options: SendOptions): Promise<Answer> {
  const { method = "GET", body, token } = options;
  const headers = { ...options.headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, ca }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", reject);
      response.on("end", () => {
        const bytes = Buffer.concat(parts);
        const text = bytes.toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, text, json: jsonOf(text) });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
