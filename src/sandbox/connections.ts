import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { SandboxResponse } from "./http.js";

const LARGEST_BODY = 64 * 1024 * 1024;

/** Null when the client sends more than the sandbox takes. A client that breaks off gives what had come. */
export async function readBody(incoming: IncomingMessage): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of incoming as AsyncIterable<Buffer>) {
      length += part.length;
      if (length > LARGEST_BODY) return null;
      parts.push(part);
    }
  } catch {
    return Buffer.alloc(0);
  }
  return parts.length === 1 ? (parts[0] ?? Buffer.alloc(0)) : Buffer.concat(parts);
}

/** Sends a whole answer; settles when it has left or the client is gone. */
export function write(outgoing: ServerResponse, incoming: IncomingMessage, answer: SandboxResponse): Promise<void> {
  return new Promise((resolve) => {
    outgoing.on("error", () => resolve());
    outgoing.on("close", () => resolve());
    outgoing.writeHead(answer.status, headersOf(answer, answer.status === 204 || answer.status === 304));
    outgoing.end(incoming.method === "HEAD" ? undefined : answer.body, () => resolve());
  });
}

/** The full length is announced, half of it comes. */
export function writeHalf(outgoing: ServerResponse, incoming: IncomingMessage, answer: SandboxResponse): void {
  const bytes = Buffer.from(answer.body);
  outgoing.on("error", () => undefined);
  outgoing.writeHead(answer.status, headersOf(answer, false));
  outgoing.write(bytes.subarray(0, bytes.length >> 1), () => incoming.socket.destroy());
}

function headersOf(answer: SandboxResponse, bodiless: boolean): { [name: string]: string | number } {
  const length = bodiless ? {} : { "content-length": Buffer.byteLength(answer.body) };
  return { "request-id": randomUUID(), ...answer.headers, ...length };
}
