import type { WireResponse } from "./types.js";

/**
 * What the vendors' clients read of a fetch Response, made of an answer. Not Node's own class: the first use of one loads all of Node's copy of fetch, a
 * fiftieth of a second and two megabytes that nothing else of this program needs. The body is unpacked already, so its packing headers go.
 */
export function toResponse(answer: WireResponse): Response {
  const { status } = answer;
  const headers = new Map(Object.entries(answer.headers).filter(([name]) => !PACKING.has(name)));
  const shape: ResponseShape = {
    ok: status >= 200 && status <= 299,
    status,
    statusText: "",
    headers: {
      get: (name) => headers.get(name.toLowerCase()) ?? null,
      has: (name) => headers.has(name.toLowerCase()),
    },
    text: () => Promise.resolve(new TextDecoder().decode(answer.body)),
    arrayBuffer: () => Promise.resolve(new Uint8Array(answer.body).buffer),
  };
  return shape as Response;
}

const PACKING: ReadonlySet<string> = new Set(["content-encoding", "content-length", "transfer-encoding"]);

type ResponseShape = Pick<Response, "ok" | "status" | "statusText" | "text" | "arrayBuffer"> & {
  readonly headers: Pick<Headers, "get" | "has">;
};

/** The headers of a fetch init as a plain object with the names as given. */
export function plainHeaders(headers: unknown): Record<string, string> {
  const entries: [string, unknown][] = isHeaders(headers)
    ? [...headers.entries()]
    : Array.isArray(headers)
      ? (headers as [string, unknown][])
      : Object.entries(headers ?? {});
  const plain: Record<string, string> = {};
  for (const [name, value] of entries) if (typeof value === "string") plain[name] = value;
  return plain;
}

/** The body of a fetch init as bytes or text. Errors: TypeError for streams and forms, which nobody here sends. */
export function plainBody(body: unknown): Buffer | string | null {
  if (body === undefined || body === null) return null;
  if (typeof body === "string" || Buffer.isBuffer(body)) return body;
  if (body instanceof ArrayBuffer) return Buffer.from(body);
  if (ArrayBuffer.isView(body)) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  throw new TypeError("this body cannot be sent");
}

/** Told by its name: to name the class itself would load Node's fetch. */
function isHeaders(value: unknown): value is Headers {
  return Object.prototype.toString.call(value) === "[object Headers]";
}
