import { z } from "zod";
import { described, notRead, read, type Reading } from "./described.js";

/** One part of a batch as it was answered. */
export interface BatchPartAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of the body: JSON text, or the image that came as base64. */
  readonly body: Buffer;
}

const part = z.object({
  id: z.unknown().optional(),
  status: z.unknown().optional(),
  headers: z.record(z.string(), z.unknown()).nullish(),
  body: z.unknown().optional(),
});

/** The envelope: its parts are looked at one by one, so that a wrong one does not take the others along. */
export const batchEnvelope = described(z.object({ responses: z.array(z.unknown()) }));

const status = z.number().int().min(100).max(599);

/**
 * The parts of a batch by the ids that were sent, compared as texts. An id that nobody sent, that came twice, or that is no text proves
 * nothing: the parts concerned are not read. Parts without any answer are missing from the map.
 * @param date the `Date` of the whole answer: that of parts which name none of their own, so that dates in them are read by the service's clock
 */
export function partsById(
  responses: readonly unknown[],
  sent: ReadonlySet<string>,
  date?: string,
): ReadonlyMap<string, Reading<BatchPartAnswer>> {
  const parts = new Map<string, Reading<BatchPartAnswer>>();
  for (const response of responses) {
    const parsed = part.safeParse(response);
    if (!parsed.success) continue;
    const { id } = parsed.data;
    if (typeof id !== "string" || !sent.has(id)) continue;
    parts.set(id, parts.has(id) ? notRead("its part of the batch was answered twice") : partAnswer(parsed.data, date));
  }
  return parts;
}

function partAnswer(answer: z.output<typeof part>, date: string | undefined): Reading<BatchPartAnswer> {
  const known = status.safeParse(answer.status);
  if (!known.success) return notRead("its part of the batch has no status");
  const headers: Record<string, string> = {
    ...(date === undefined ? {} : { date }),
    ...lowerCased(answer.headers ?? {}),
  };
  const body = bodyOf(answer.body, headers["content-type"] ?? "");
  return body.kind === "read" ? read({ status: known.data, headers, body: body.value }) : body;
}

/**
 * Binary bodies come as base64, in the plain or the URL alphabet; everything else as JSON, or as text by its type
 * (learn.microsoft.com/graph/json-batching). A text where the type says JSON is a JSON text, and not the object that it may spell.
 */
function bodyOf(body: unknown, type: string): Reading<Buffer> {
  if (body === undefined || body === null) return read(Buffer.alloc(0));
  if (typeof body !== "string") return read(Buffer.from(JSON.stringify(body)));
  if (type.includes("json")) return read(Buffer.from(JSON.stringify(body)));
  if (type.startsWith("text/")) return read(Buffer.from(body));
  if (!/^[A-Za-z0-9+/_-]*={0,2}\s*$/.test(body)) return notRead("its part of the batch is no base64");
  return read(Buffer.from(body, "base64"));
}

function lowerCased(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const lower: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === "string" || typeof value === "number") lower[name.toLowerCase()] = String(value);
  }
  return lower;
}
