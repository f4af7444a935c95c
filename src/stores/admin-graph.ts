import { PhotodriftError } from "../model/errors.js";
import { createDirectoryReader } from "./directory/reader.js";
import { createDoor } from "./http/door.js";
import { createExchange } from "./http/exchange.js";
import { httpFailure } from "./http/failures.js";
import { asWire, openGraph, type GraphRequest } from "./http/graph.js";
import { createMeter } from "./http/meter.js";
import { openNetwork } from "./http/network.js";
import { systemTimer } from "./http/timer.js";
import type { Authorizer } from "./http/types.js";

export interface AdminGraphOptions {
  /** Origin of Microsoft Graph. */
  readonly graph: string;
  /** An administrator's access token for Graph; it is sent nowhere else and never shown. */
  readonly token: string;
  /** PEM text of extra authorities. */
  readonly ca?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

const NEEDS = "Application.ReadWrite.All and AppRoleAssignment.ReadWrite.All of Microsoft Graph, for the administrator";

/** Graph for `photodrift setup`, with the token of an administrator instead of the application's own. Throws PhotodriftError. */
export function openAdminGraph(options: AdminGraphOptions) {
  const network = openNetwork({ ca: options.ca, env: options.env });
  const door = createDoor({
    exchange: createExchange(network),
    meter: createMeter(),
    timer: systemTimer,
    concurrency: 1,
    patience: 120_000,
    signal: options.signal,
  });
  const authorizer: Authorizer = {
    header: () => Promise.resolve(`Bearer ${options.token}`),
    accepted: () => undefined,
    refused: () => Promise.resolve(false),
  };
  const graph = openGraph(options.graph, door, { authorizer: () => authorizer, roles: () => Promise.resolve(null) });

  async function send(request: GraphRequest): Promise<unknown> {
    const answer = await graph.send({ needs: NEEDS, headers: { "content-type": "application/json" }, ...request });
    if (answer.status === 401) throw tokenRefused();
    if (answer.status < 200 || answer.status > 299)
      throw httpFailure(asWire({ needs: NEEDS, ...request }, graph.origin), answer);
    return answer.body.length === 0 ? null : (JSON.parse(answer.body.toString("utf8")) as unknown);
  }
  const write = { purpose: "write", repeat: "if-refused" } as const;
  return {
    get: (path: string, asks: string) => send({ path, asks }),
    post: (path: string, body: object, asks: string) =>
      send({ method: "POST", path, body: JSON.stringify(body), asks, ...write }),
    patch: async (path: string, body: object, asks: string): Promise<void> => {
      await send({ method: "PATCH", path, body: JSON.stringify(body), asks, ...write });
    },
    /** The tenant's users, as this administrator may read them. */
    users: () => createDirectoryReader(graph).users(),
    close: () => network.close(),
  };
}

function tokenRefused(): PhotodriftError {
  return new PhotodriftError(
    "admin-token",
    "Microsoft Graph did not take the administrator's token: it has ended, or is for another service or tenant.",
    "Sign in again with `az login`, or set PHOTODRIFT_ADMIN_TOKEN to a new token for Microsoft Graph (az account get-access-token --resource-type ms-graph).",
    "usage",
  );
}
