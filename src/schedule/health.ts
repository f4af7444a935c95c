import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PhotodriftError } from "../model/errors.js";

/** @param host of the request, with or without a port */
function isLoopbackName(host: string): boolean {
  return /^(?:localhost\.?|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i.test(host);
}

/** Where a health server listens. */
export interface HealthPlace {
  /** 0 takes a free one. */
  readonly port: number;
  /** An address of this machine; loopback when absent. */
  readonly host?: string;
}

/**
 * Serves `/healthz` (200, or 503 when the work stands still) and `/metrics`, on loopback where nothing else is said. There it answers under
 * loopback names only (else 421): a web page whose own name was made to point here reads nothing.
 * @throws PhotodriftError `schedule-port`
 */
export async function startHealthServer(
  { port, host = "127.0.0.1" }: HealthPlace,
  health: () => { readonly ok: boolean },
  metrics: () => string | Promise<string>,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    function answer(status: number, type: string, body: string): void {
      response.writeHead(status, {
        "content-type": type,
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
      });
      response.end(request.method === "HEAD" ? undefined : body);
    }
    const path = (request.url ?? "").split("?")[0];
    if (isLoopbackName(host) && !isLoopbackName(request.headers.host ?? ""))
      answer(421, "text/plain", "ask under a name of this machine's loopback\n");
    else if (request.method !== "GET" && request.method !== "HEAD") answer(405, "text/plain", "GET only\n");
    else if (path === "/healthz") {
      const view = health();
      const body = { status: view.ok ? "ok" : "stalled", ...view };
      answer(view.ok ? 200 : 503, "application/json", `${JSON.stringify(body)}\n`);
    } else if (path === "/metrics") {
      Promise.resolve(metrics()).then(
        (text) => answer(200, "text/plain; version=0.0.4; charset=utf-8", text),
        () => answer(503, "text/plain", "the figures cannot be read now\n"),
      );
    } else answer(404, "text/plain", "/healthz or /metrics\n");
  });
  server.headersTimeout = 5_000;
  server.requestTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const message = `Port ${port} cannot be opened on ${host}: ${error.code ?? error.message}.`;
      reject(new PhotodriftError("schedule-port", message, "Name another port, or 0 for a free one.", "failed", error));
    });
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
