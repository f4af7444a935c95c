import { graphParts } from "./kinds.js";
import { isRecord, parsed, withJson, type Answer, type Asked } from "./wire.js";

/** One part of a batch's answer. */
export interface Part {
  /** As sent; SharePoint's parts have none and stand in the order of the requests. */
  readonly id: unknown;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON value, or the text of an image in base64. */
  readonly body: unknown;
}

/** The parts of a batch's answer, of Graph (JSON) or SharePoint (multipart), in the order of the request; null where it is no batch. */
export function readParts(asked: Asked, answer: Answer): readonly Part[] | null {
  if (answer.status !== 200) return null;
  return asked.host === "graph" ? readGraph(asked, answer) : readMultipart(answer);
}

/** The answer with other parts. */
export function writeParts(asked: Asked, answer: Answer, parts: readonly Part[]): Answer {
  if (asked.host === "graph") return withJson(answer, { responses: parts });
  const boundary = boundaryOf(answer);
  const text = parts.map((part) => `--${boundary}\r\n${multipartText(part)}\r\n`).join("");
  return { ...answer, body: Buffer.from(`${text}--${boundary}--\r\n`) };
}

function readGraph(asked: Asked, answer: Answer): readonly Part[] | null {
  const body = parsed(answer.body);
  if (!isRecord(body) || !Array.isArray(body["responses"])) return null;
  const found = (body["responses"] as readonly unknown[]).filter(isRecord).map((part) => ({
    id: part["id"],
    status: Number(part["status"]),
    headers: isRecord(part["headers"]) ? (part["headers"] as Record<string, string>) : {},
    body: part["body"],
  }));
  return graphParts(asked).flatMap(({ id }) => found.filter((part) => part.id === id));
}

function boundaryOf(answer: Answer): string {
  return /boundary="?([^";]+)"?/.exec(answer.headers["content-type"] ?? "")?.[1] ?? "batchresponse_none";
}

function readMultipart(answer: Answer): readonly Part[] | null {
  const boundary = boundaryOf(answer);
  const texts = answer.body.toString("utf8").split(`--${boundary}`).slice(1, -1);
  return texts.map((text) => {
    const [, head = "", ...rest] = text.split("\r\n\r\n");
    const [statusLine = "", ...lines] = head.split("\r\n");
    const headers = Object.fromEntries(lines.map((line) => [line.split(":")[0] ?? "", line.split(": ")[1] ?? ""]));
    const raw = rest.join("\r\n\r\n").replace(/\r\n$/, "");
    const value = parsed(Buffer.from(raw));
    return {
      id: undefined,
      status: Number(statusLine.split(" ")[1]),
      headers,
      body: value === undefined ? raw : value,
    };
  });
}

function multipartText({ status, headers, body }: Part): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const first = `HTTP/1.1 ${String(status)} ${status === 200 ? "OK" : "Error"}`;
  return ["Content-Type: application/http", "Content-Transfer-Encoding: binary", "", first, ...lines, "", text].join(
    "\r\n",
  );
}
