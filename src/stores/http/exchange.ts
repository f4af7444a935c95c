import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import type { Network } from "./network.js";
import { BodyDamaged, BodyTooLarge, BodyTooSlow } from "./network-errors.js";
import type { Exchange } from "./types.js";

const unpackers = {
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
} as const;

/** How slowly a body may come. */
export interface Pace {
  /** Milliseconds that any body may take. */
  readonly grace: number;
  /** Bytes a second beyond that. */
  readonly leastRate: number;
}

/** Every chunk restarts the time-out of silence: a body that drips for ever is ended by its size. */
const PACE: Pace = { grace: 20_000, leastRate: 8 * 1024 };

/**
 * One HTTP exchange: no retry, no redirect. A body shorter than its Content-Length, or a packed body that breaks off, throws; a body
 * beyond `maxBytes` (packed or unpacked) is cut off at once; a body has a deadline by the bytes that have come.
 * @param now milliseconds of a clock that is never put back
 */
export function createExchange(
  network: Network,
  pace: Pace = PACE,
  now: () => number = () => performance.now(),
): Exchange {
  return async (request) => {
    const url = new URL(request.url);
    const answer = await network.dispatcherFor(url).request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: request.method,
      headers: { "accept-encoding": "gzip, deflate, br", ...request.headers },
      body: request.body,
      ...(request.signal ? { signal: request.signal } : {}),
    });
    const headers = flatten(answer.headers);
    const packed = await readAll(answer.body, request.maxBytes, pace, now);
    const bytesIn = packed.length;
    // A HEAD or 204 may announce a packing without a body.
    const body = packed.length === 0 ? packed : await unpack(packed, headers["content-encoding"], request.maxBytes);
    return { status: answer.statusCode, headers, body, bytesIn };
  };
}

/** Bytes beyond the limit and bodies that drip end the connection at once. */
async function readAll(body: Readable, maxBytes: number, pace: Pace, now: () => number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const began = now();
  let bytesIn = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytesIn += chunk.length;
    const took = now() - began;
    const late = took > pace.grace + (bytesIn / pace.leastRate) * 1000;
    if (bytesIn > maxBytes || late) {
      body.destroy();
      throw late
        ? new BodyTooSlow(`${String(bytesIn)} bytes in ${String(Math.round(took / 1000))} s`)
        : new BodyTooLarge(`more than ${String(maxBytes)} bytes`);
    }
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}

async function unpack(packed: Buffer, encoding: string | undefined, maxBytes: number): Promise<Buffer> {
  if (encoding === undefined || encoding === "" || encoding === "identity") return packed;
  const unpacker = unpackers[encoding.toLowerCase() as keyof typeof unpackers] as
    (typeof unpackers)["gzip"] | undefined;
  if (unpacker === undefined) throw new BodyDamaged(`unknown content-encoding ${encoding}`);
  try {
    return await unpacker(packed, { maxOutputLength: maxBytes });
  } catch (error) {
    if (error instanceof RangeError || (error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE") {
      throw new BodyTooLarge(`more than ${String(maxBytes)} bytes`);
    }
    throw new BodyDamaged("the packed body is cut off or damaged", { cause: error });
  }
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : value;
  }
  return flat;
}
