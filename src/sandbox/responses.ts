import type { SandboxResponse } from "./http.js";

const JSON_TYPE = "application/json; charset=utf-8";

export function jsonResponse(
  status: number,
  value: unknown,
  headers: { readonly [name: string]: string } = {},
): SandboxResponse {
  return jsonText(status, JSON.stringify(value), headers);
}

/** For bodies that were written as text already (pages of 999 users). */
export function jsonText(
  status: number,
  body: string,
  headers: { readonly [name: string]: string } = {},
): SandboxResponse {
  return { status, headers: { "content-type": JSON_TYPE, ...headers }, body };
}

export function emptyResponse(status: number, headers: { readonly [name: string]: string } = {}): SandboxResponse {
  return { status, headers, body: "" };
}

export function textResponse(status: number, body: string, type = "text/plain"): SandboxResponse {
  return { status, headers: { "content-type": type }, body };
}

/** The value of a query option, with or without `$`, in any case; undefined when absent. */
export function queryOption(url: URL, name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (const [key, value] of url.searchParams) {
    const folded = key.toLowerCase();
    if (folded === wanted || folded === wanted.replace(/^\$/, "")) return value;
  }
  return undefined;
}

/** JSON of a request body; undefined when it is none. */
export function parseJson(body: Buffer | string): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
