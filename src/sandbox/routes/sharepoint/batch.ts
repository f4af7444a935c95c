import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { SandboxRequest, SandboxResponse } from "../../http.js";
import { badRequest } from "./errors.js";
import type { Call } from "./odata.js";

/** Practical limits (pnpjs#3207 and its maintainer): sub-requests, and bytes of the whole request. */
const MOST_PARTS = 100;
const MOST_BYTES = 2_097_152;

export interface BatchPart {
  readonly method: string;
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: Buffer;
}

function boundaryOf(contentType: string | undefined): string | null {
  const match = /boundary="?([^";\s]+)"?/i.exec(contentType ?? "");
  return match?.[1] ?? null;
}

/** Head and body of a MIME part: they are separated by an empty line, with LF or CRLF. */
function splitHead(text: string): { readonly head: string; readonly body: string } {
  const match = /\r?\n\r?\n/.exec(text);
  if (match === null) return { head: text, body: "" };
  return { head: text.slice(0, match.index), body: text.slice(match.index + match[0].length) };
}

function headersOf(lines: readonly string[]): { [name: string]: string } {
  const headers: { [name: string]: string } = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return headers;
}

/** The requests of a multipart/mixed body in order, those inside changesets included; null when it is not well formed. */
export function parseBatch(body: string, contentType: string | undefined): BatchPart[] | null {
  const boundary = boundaryOf(contentType);
  if (boundary === null) return null;
  const parts: BatchPart[] = [];
  const sections = body.split(`--${boundary}`).slice(1);
  if (sections.length === 0) return null;
  for (const section of sections) {
    if (section.startsWith("--")) break;
    const { head, body: inner } = splitHead(section.replace(/^\r?\n/, ""));
    const type = headersOf(head.split(/\r?\n/))["content-type"];
    if (type !== undefined && /^multipart\/mixed/i.test(type)) {
      const nested = parseBatch(inner, type);
      if (nested === null) return null;
      parts.push(...nested);
      continue;
    }
    const request = splitHead(inner.replace(/^(\r?\n)+/, ""));
    const [line = "", ...headerLines] = request.head.split(/\r?\n/);
    const match = /^([A-Z]+) (\S+) HTTP\/1\.1\s*$/.exec(line);
    if (match === null) return null;
    parts.push({
      method: match[1] ?? "",
      url: match[2] ?? "",
      headers: headersOf(headerLines),
      body: Buffer.from(request.body.replace(/(\r?\n)+$/, "")),
    });
  }
  return parts;
}

function partText(response: SandboxResponse): string {
  const reason = STATUS_CODES[response.status] ?? "Unknown";
  const lines = [
    "Content-Type: application/http",
    "Content-Transfer-Encoding: binary",
    "",
    `HTTP/1.1 ${String(response.status)} ${reason}`,
    // Headers with a second colon confuse PnPjs's parser; the service sends none here either.
    ...Object.entries(response.headers).flatMap(([name, value]) =>
      value.includes(":") ? [] : [`${name.toUpperCase()}: ${value}`],
    ),
    "",
    response.body.toString(),
  ];
  return lines.join("\r\n");
}

/**
 * POST /_api/$batch: every part is answered on its own, in the order of the parts, and charged on its own. All parts must be of this site;
 * uploads cannot travel in a batch (docs: "Make batch requests with the REST APIs").
 */
export async function answerBatch(
  call: Call,
  answer: (request: SandboxRequest) => Promise<SandboxResponse>,
): Promise<SandboxResponse> {
  const { request } = call;
  if (request.body.length > MOST_BYTES)
    return badRequest(call, `The request is larger than ${String(MOST_BYTES)} bytes.`);
  const parts = parseBatch(request.body.toString("utf8"), request.headers["content-type"]);
  if (parts === null || parts.length === 0) return badRequest(call, "The batch request is not well formed.");
  if (parts.length > MOST_PARTS) return badRequest(call, `A batch holds at most ${String(MOST_PARTS)} requests.`);
  const answers: string[] = [];
  for (const part of parts) answers.push(partText(await answerPart(call, part, answer)));
  const boundary = `batchresponse_${randomUUID()}`;
  const body = `${answers.map((text) => `--${boundary}\r\n${text}\r\n`).join("")}--${boundary}--\r\n`;
  return { status: 200, headers: { "content-type": `multipart/mixed; boundary="${boundary}"` }, body };
}

async function answerPart(
  call: Call,
  part: BatchPart,
  answer: (request: SandboxRequest) => Promise<SandboxResponse>,
): Promise<SandboxResponse> {
  const { request } = call;
  let url: URL;
  try {
    url = new URL(part.url, request.url);
  } catch {
    return badRequest(call, "The address of a request in the batch is not valid.");
  }
  if (url.origin !== request.url.origin) return badRequest(call, "All requests of a batch must target the same site.");
  if (/\/_api\/\$batch/i.test(url.pathname)) return badRequest(call, "Batches cannot be nested.");
  if (/\/files\/add|\/\$value/i.test(url.pathname))
    return badRequest(call, "File content is not supported in a batch.");
  return answer({
    ...request,
    method: part.method,
    url,
    target: `${url.pathname}${url.search}`,
    headers: { ...part.headers, host: request.headers.host, "user-agent": request.headers["user-agent"] },
    body: part.body,
  });
}
