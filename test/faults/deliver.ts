import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Answer } from "./wire.js";

const CHUNK = Buffer.from(`${'"0123456789abcdef",'.repeat(3449)}`);

/** Writes an answer the way it is to arrive; ends early where the reader has gone. */
export async function deliver({ status, headers, body, delivery }: Answer, outgoing: ServerResponse): Promise<void> {
  switch (delivery.kind) {
    case "plain":
      outgoing.writeHead(status, { ...headers, "content-length": body.length }).end(body);
      return;
    case "wrong-length": {
      const length = Math.max(0, body.length + delivery.off);
      outgoing.writeHead(status, { ...headers, "content-length": length });
      outgoing.write(body, () => outgoing.socket?.destroySoon());
      return;
    }
    case "drip":
      await drip(outgoing.writeHead(status, headers), body.length === 0 ? BLANK : body);
      return;
    case "flood": {
      outgoing.writeHead(status, headers);
      outgoing.write('{"value":[');
      for (let sent = 0; sent < delivery.bytes && !outgoing.destroyed; sent += CHUNK.length) {
        if (!outgoing.write(CHUNK)) {
          await new Promise<void>((resolve) => {
            outgoing.once("drain", resolve).once("close", resolve);
          });
        }
      }
      outgoing.end("0]}");
      return;
    }
  }
}

const BLANK = Buffer.from(" ");

/** One byte a second, over and over. A status that has no body (204) ends with its headers, which must leave by themselves. */
async function drip(outgoing: ServerResponse, body: Buffer): Promise<void> {
  outgoing.flushHeaders();
  for (let at = 0; !outgoing.destroyed; at++) {
    outgoing.write(body.subarray(at % body.length, (at % body.length) + 1));
    await sleep(1000);
  }
}
