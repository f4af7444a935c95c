import type { WireResponse } from "./types.js";

/** A fetch Response of an answer, for the vendors' clients. The body is unpacked already, so its packing headers go. */
export function toResponse(answer: WireResponse): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    if (name === "content-encoding" || name === "content-length" || name === "transfer-encoding") continue;
    try {
      headers.set(name, value);
    } catch {
      // A header that fetch does not allow helps nobody.
    }
  }
  const bodiless = answer.status === 204 || answer.status === 205 || answer.status === 304;
  // fetch knows statuses from 200 to 599 only.
  const status = answer.status >= 200 && answer.status <= 599 ? answer.status : 502;
  return new Response(bodiless ? null : new Uint8Array(answer.body), { status, headers });
}

/** The headers of a fetch init as a plain object with the names as given. */
export function plainHeaders(headers: unknown): Record<string, string> {
  const entries: [string, unknown][] =
    headers instanceof Headers
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
