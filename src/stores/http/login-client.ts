import type { TokenCredentialOptions } from "@azure/identity";
import { jsonOf } from "../answers/described.js";
import { loginFlaw } from "../answers/login.js";
import { serviceError } from "../answers/service-error.js";
import type { Door, WireResponse } from "./types.js";
import { asError } from "../../model/caught.js";

type HttpClient = NonNullable<TokenCredentialOptions["httpClient"]>;
type PipelineRequest = Parameters<HttpClient["sendRequest"]>[0];
type PipelineResponse = Awaited<ReturnType<HttpClient["sendRequest"]>>;
type PipelineHeaders = PipelineResponse["headers"];

export interface LoginClient extends HttpClient {
  /** What went wrong last: the login library turns errors of discovery into one of its own that no longer says so. Null after a success. */
  failure(): Error | null;
}

/** Sends the login library's requests through the door, so that trust, proxies, retries and cost are the same as everywhere. */
export function createLoginClient(door: Door): LoginClient {
  let failure: Error | null = null;
  return {
    failure: () => failure,
    async sendRequest(request: PipelineRequest): Promise<PipelineResponse> {
      for (let tries = 1; ; tries++) {
        const answer = await send(door, request).catch((error: unknown) => {
          failure = asError(error);
          throw error;
        });
        const said = answer.status < 400 ? "" : serviceError(answer.body).message;
        failure = said === "" ? null : new Error(said);
        if (TRANSIENT.test(said) && tries < TRIES) {
          await door.rest(tries - 1);
          continue;
        }
        const headers = pipelineHeaders(answer.headers);
        return { request, status: answer.status, headers, bodyAsText: bodyText(answer.body) };
      }
    },
  };
}

/** Errors of the login that pass by themselves although their status is 400 or 401 (Entra error reference: "try again"). */
const TRANSIENT = /AADSTS(90033|90006|90012)\b/;
const TRIES = 4;

async function send(door: Door, request: PipelineRequest): Promise<WireResponse> {
  const body = request.body ?? null;
  if (body !== null && typeof body !== "string") throw new Error("the login sends text only");
  return await door.send({
    service: "login",
    method: request.method,
    url: request.url,
    headers: request.headers.toJSON(),
    body,
    asks: "log in",
    repeat: "always",
    purpose: "read",
    maxBytes: 1024 * 1024,
    flaw: (response) => loginFlaw(request.url, response.body),
  });
}

/** The library parses any body as JSON; an error page must not end in a syntax error there. */
function bodyText(body: Buffer): string {
  const text = body.toString("utf8");
  if (text === "" || jsonOf(body).kind === "read") return text;
  return JSON.stringify({
    error: "invalid_answer",
    error_description: "the login answered something that is not JSON",
  });
}

function pipelineHeaders(headers: Readonly<Record<string, string>>): PipelineHeaders {
  const map = new Map(Object.entries(headers));
  return {
    get: (name) => map.get(name.toLowerCase()),
    has: (name) => map.has(name.toLowerCase()),
    set: (name, value) => void map.set(name.toLowerCase(), String(value)),
    delete: (name) => void map.delete(name.toLowerCase()),
    toJSON: () => Object.fromEntries(map),
    [Symbol.iterator]: () => map.entries(),
  };
}
