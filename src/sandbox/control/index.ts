import type { Route, SandboxRequest, SandboxResponse } from "../http.js";
import { emptyResponse, isRecord, jsonResponse, jsonText, parseJson } from "../responses.js";
import type { SandboxState } from "../state.js";
import { dumpState } from "./dump.js";
import { setOne } from "./set.js";

/**
 * The control surface below /sandbox/ on the graph port; it takes no token and is not logged.
 * GET and DELETE log, GET and DELETE mail, GET state, POST set, POST stop.
 */
export function controlRoutes(state: SandboxState, stop: () => void): Route {
  return async (request) => {
    const { searchParams } = request.url;
    switch (`${request.method} ${request.url.pathname.slice("/sandbox/".length)}`) {
      case "GET log":
        return logBody(state, searchParams);
      case "DELETE log":
        state.log.clear();
        return emptyResponse(204);
      case "GET mail":
        return jsonResponse(200, { mails: state.mails });
      case "DELETE mail":
        state.mails.length = 0;
        return emptyResponse(204);
      case "GET state":
        return jsonResponse(
          200,
          await dumpState(state, searchParams.get("hashes") !== "0", searchParams.get("user")?.toLowerCase() ?? null),
        );
      case "POST set":
        return setAll(state, request);
      case "POST stop":
        stop();
        return jsonResponse(200, { stopping: true });
      default:
        return null;
    }
  };
}

/** `?summary=1` leaves the entries out, `?last=N` keeps the newest. */
function logBody(state: SandboxState, options: URLSearchParams): SandboxResponse {
  const last = options.get("last");
  const entries = options.get("summary") === "1" ? [] : state.log.entries(last === null ? undefined : Number(last));
  const rows = entries.map((entry) => JSON.stringify({ ...entry, time: new Date(entry.time).toISOString() }));
  return jsonText(200, `{"entries":[${rows.join(",\n")}],"summary":${JSON.stringify(state.log.summary())}}`);
}

/** Pairs in order, each all or nothing; the first wrong one ends it with 400 and what had been set before it. */
async function setAll(state: SandboxState, request: SandboxRequest): Promise<SandboxResponse> {
  const pairs = readPairs(parseJson(request.body));
  if (pairs === null) return jsonResponse(400, { error: 'expected {"key":"value"} or {"key":["value", …]}' });
  state.watch.forgetWrites();
  const done: string[] = [];
  for (const [key, value] of pairs) {
    try {
      await setOne(state, key, value);
    } catch (error) {
      return jsonResponse(400, { error: error instanceof Error ? error.message : String(error), done });
    }
    done.push(`${key}=${value}`);
  }
  return jsonResponse(200, { done });
}

function readPairs(body: unknown): [string, string][] | null {
  if (!isRecord(body)) return null;
  const pairs: [string, string][] = [];
  for (const [key, value] of Object.entries(body)) {
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (typeof one !== "string" && typeof one !== "number" && typeof one !== "boolean") return null;
      pairs.push([key, String(one)]);
    }
  }
  return pairs;
}
