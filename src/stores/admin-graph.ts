import { openDoor } from "./http/open-door.js";
import { PhotodriftError } from "../model/errors.js";
import { type Reading, jsonOf } from "./answers/described.js";
import { directoryObject, MOST_OBJECTS, objectsPage } from "./answers/directory.js";
import { createSeenTexts } from "./answers/seen-keys.js";
import { pagesOf } from "./directory/api.js";
import { createDirectoryReader } from "./directory/reader.js";
import { httpFailure, HttpFailure } from "./http/failures.js";
import { asWire, openGraph, type GraphRequest } from "./http/graph.js";
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
  const { door, close } = openDoor({ ...options, concurrency: 1, patience: 120_000 });
  const authorizer: Authorizer = {
    header: () => Promise.resolve(`Bearer ${options.token}`),
    accepted: () => undefined,
    refused: () => Promise.resolve(false),
  };
  const tokens = { authorizer: () => authorizer, soon: () => undefined, roles: () => Promise.resolve(null) };
  const graph = openGraph(options.graph, door, tokens);

  /** A write: 201 with the object that was made, or 204 with nothing. */
  async function write(request: Pick<GraphRequest, "method" | "path" | "asks">, body: object): Promise<unknown> {
    const asked: GraphRequest = {
      ...request,
      needs: NEEDS,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      purpose: "write",
      repeat: "if-refused",
      flaw: (answer) => (answer.body.length === 0 ? null : flawOf(jsonOf(answer.body))),
    };
    const answer = await graph.send(asked);
    if (answer.status < 200 || answer.status > 299) throw httpFailure(asWire(asked, graph.origin), answer);
    const made = jsonOf(answer.body);
    return made.kind === "read" ? made.value : null;
  }

  async function list(path: string, asks: string): Promise<readonly unknown[]> {
    const found: unknown[] = [];
    const pages = pagesOf(graph, { path, asks, needs: NEEDS }, objectsPage, {
      key: ({ id }) => id,
      seen: createSeenTexts(),
      mostRows: MOST_OBJECTS,
      repeated: "contradiction",
    });
    for await (const page of pages) found.push(...page);
    return found;
  }

  return {
    get: (path: string, asks: string): Promise<unknown> =>
      asAdministrator(graph.read({ path, asks, needs: NEEDS }, directoryObject)),
    list: (path: string, asks: string) => asAdministrator(list(path, asks)),
    post: (path: string, body: object, asks: string) => asAdministrator(write({ method: "POST", path, asks }, body)),
    patch: async (path: string, body: object, asks: string): Promise<void> => {
      await asAdministrator(write({ method: "PATCH", path, asks }, body));
    },
    /** The tenant's users, as this administrator may read them. */
    users: () => createDirectoryReader(graph).users(),
    close,
  };
}

function flawOf(reading: Reading<unknown>): string | null {
  return reading.kind === "read" ? null : reading.because;
}

/** A token that is refused is the administrator's, and only he can get another one. */
async function asAdministrator<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw error instanceof HttpFailure && error.status === 401 ? tokenRefused() : error;
  }
}

function tokenRefused(): PhotodriftError {
  return new PhotodriftError(
    "admin-token",
    "Microsoft Graph did not take the administrator's token: it has ended, or is for another service or tenant.",
    "Sign in again with `az login`, or set PHOTODRIFT_ADMIN_TOKEN to a new token for Microsoft Graph (az account get-access-token --resource-type ms-graph).",
    "usage",
  );
}
