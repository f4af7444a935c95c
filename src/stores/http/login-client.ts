import type { TokenCredentialOptions } from "@azure/identity";
import type { Door } from "./types.js";

type HttpClient = NonNullable<TokenCredentialOptions["httpClient"]>;
type PipelineRequest = Parameters<HttpClient["sendRequest"]>[0];
type PipelineResponse = Awaited<ReturnType<HttpClient["sendRequest"]>>;
type PipelineHeaders = PipelineResponse["headers"];

/** Sends the login library's requests through the door, so that trust, proxies, retries and cost are the same as everywhere. */
export function createLoginClient(door: Door): HttpClient {
  return {
    async sendRequest(request: PipelineRequest): Promise<PipelineResponse> {
      const body = request.body ?? null;
      if (body !== null && typeof body !== "string") throw new Error("the login sends text only");
      const answer = await door.send({
        service: "login",
        method: request.method,
        url: request.url,
        headers: request.headers.toJSON(),
        body,
        asks: "log in",
        repeat: "always",
        purpose: "read",
        maxBytes: 1024 * 1024,
        flaw: (response) => (isJson(response.body) ? null : "it is not JSON"),
      });
      return {
        request,
        status: answer.status,
        headers: pipelineHeaders(answer.headers),
        bodyAsText: bodyText(answer.body),
      };
    },
  };
}

function isJson(body: Buffer): boolean {
  try {
    JSON.parse(body.toString("utf8"));
    return true;
  } catch {
    return false;
  }
}

/** The library parses any body as JSON; an error page must not end in a syntax error there. */
function bodyText(body: Buffer): string {
  const text = body.toString("utf8");
  if (text === "" || isJson(body)) return text;
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
