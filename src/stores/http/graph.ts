import { Client, type Middleware, ResponseType } from "@microsoft/microsoft-graph-client";
import type { Described } from "../answers/described.js";
import { keepReading } from "../answers/kept.js";
import { plainBody, plainHeaders, toResponse } from "./fetch-shape.js";
import { httpFailure, unusableAnswer } from "./failures.js";
import type { Tokens } from "./tokens.js";
import type { Door, WireRequest, WireResponse } from "./types.js";

export interface GraphRequest {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path below the version with every id encoded, or an absolute nextLink, which is followed to the letter. */
  readonly path: string;
  readonly version?: "v1.0" | "beta";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  readonly asks: string;
  readonly needs?: string;
  readonly repeat?: "always" | "if-refused";
  readonly purpose?: "read" | "write";
  readonly maxBytes?: number;
  readonly flaw?: (response: WireResponse) => string | null;
  /** Sees the answer with its headers, of which `read` gives none. */
  readonly onAnswer?: (response: WireResponse) => void;
}

export interface Graph {
  readonly origin: string;
  readonly door: Door;
  /** Any status but those the door settles itself. */
  send(request: GraphRequest): Promise<WireResponse>;
  /**
   * The described values of a 2xx answer; an answer that is not as described is asked for again. Throws HttpFailure for any other status,
   * PhotodriftError `unusable-answer` for an answer that stays wrong.
   */
  read<T>(request: GraphRequest, answer: Described<T>): Promise<T>;
  /** A part of a batch was refused for its token: the next request has a fresh one, as far as tokens may be had. */
  tokenRefused(answer: WireResponse): Promise<void>;
}

/**
 * Microsoft Graph through the vendor's client: it builds URLs and runs the middleware; the one middleware here hands every request to the
 * door, which owns tokens, retries and limits. Raw responses, because the client loses error codes of binary answers
 * (facts/dependencies.md finding 6).
 */
export function openGraph(origin: string, door: Door, tokens: Tokens): Graph {
  const authorizer = tokens.authorizer("graph");
  const toDoor: Middleware = {
    async execute(context) {
      const slip = slipOf(context.options);
      if (slip === null || typeof context.request !== "string") throw new TypeError("not a request of this program");
      const { asked } = slip;
      // The client takes an absolute link to pieces and orders its parameters anew; a skip token is to be sent as it came.
      const url = isAbsolute(asked.path) ? asked.path : context.request;
      const asking = door.send({
        service: "graph",
        method: context.options?.method ?? "GET",
        url,
        headers: { accept: "application/json", ...priority(asked), ...plainHeaders(context.options?.headers) },
        body: plainBody(context.options?.body),
        asks: asked.asks,
        repeat: asked.repeat ?? "always",
        purpose: asked.purpose ?? "read",
        authorizer,
        ...(asked.needs === undefined ? {} : { needs: asked.needs }),
        ...(asked.maxBytes === undefined ? {} : { maxBytes: asked.maxBytes }),
        ...(asked.flaw === undefined ? {} : { flaw: asked.flaw }),
      });
      // The client would turn an error of the door into one of its own, without its cause.
      slip.answer = asking;
      context.response = toResponse(await asking);
    },
  };
  const client = Client.initWithMiddleware({
    baseUrl: origin,
    defaultVersion: "v1.0",
    customHosts: new Set([new URL(origin).hostname.toLowerCase()]),
    middleware: toDoor,
  });

  async function send(asked: GraphRequest): Promise<WireResponse> {
    if (isAbsolute(asked.path) && new URL(asked.path).origin !== origin) {
      // A link to elsewhere would carry the token there.
      throw new TypeError(`a link out of ${origin} is not followed`);
    }
    const slip: Slip = { asked };
    const request = client
      .api(asked.path)
      .version(asked.version ?? "v1.0")
      .headers(asked.headers ?? {})
      .option("slip", slip)
      .responseType(ResponseType.RAW);
    try {
      await call(request, asked);
    } catch (error) {
      if (slip.answer === undefined) throw error;
    }
    if (slip.answer === undefined) throw new TypeError("the Graph client answered without asking");
    return await slip.answer;
  }

  return {
    origin,
    door,
    send,
    async tokenRefused(answer) {
      await authorizer.refused(await authorizer.header(), answer);
    },
    async read(asked, described) {
      const kept = keepReading(described);
      const response = await send({ flaw: kept.flaw, ...asked });
      asked.onAnswer?.(response);
      if (response.status < 200 || response.status > 299) throw httpFailure(asWire(asked, origin), response);
      const reading = kept.reading();
      if (reading.kind === "read") return reading.value;
      throw unusableAnswer(asWire(asked, origin), reading.because);
    },
  };
}

/** Travels through the client with a request: what is asked, and what the door said. */
interface Slip {
  readonly asked: GraphRequest;
  answer?: Promise<WireResponse>;
}

/** Reading can wait: the service sheds low priority first (facts/graph-entra-exchange.md section 5). */
function priority(asked: GraphRequest): Readonly<Record<string, string>> {
  return asked.purpose === "write" ? {} : { "x-ms-throttle-priority": "Low" };
}

type ClientRequest = ReturnType<Client["api"]>;

async function call(request: ClientRequest, asked: GraphRequest): Promise<unknown> {
  switch (asked.method ?? "GET") {
    case "GET":
      return await request.get();
    case "POST":
      return await request.post(asked.body ?? "");
    case "PUT":
      // Only a Buffer is safe: a view of a larger buffer would be sent whole (facts/dependencies.md finding 6a).
      return await request.put(asked.body ?? "");
    case "PATCH":
      return await request.patch(asked.body ?? "");
    case "DELETE":
      return await request.delete();
  }
}

/** The request as failures name it. */
export function asWire(asked: GraphRequest, origin: string): WireRequest {
  return {
    service: "graph",
    method: asked.method ?? "GET",
    url: origin,
    headers: {},
    asks: asked.asks,
    repeat: "always",
    purpose: asked.purpose ?? "read",
    ...(asked.needs === undefined ? {} : { needs: asked.needs }),
  };
}

function slipOf(options: unknown): Slip | null {
  return typeof options === "object" && options !== null && "slip" in options ? (options.slip as Slip) : null;
}

function isAbsolute(path: string): boolean {
  return /^https?:\/\//i.test(path);
}
