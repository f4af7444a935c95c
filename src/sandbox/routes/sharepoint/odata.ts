import type { SandboxRequest } from "../../http.js";

/** One step of an OData path: `getFolderByServerRelativePath(decodedUrl='…')`. Names are lower case, arguments decoded. */
export interface Segment {
  readonly name: string;
  readonly args: readonly Argument[] | null;
}

/** `name='text'`, `'text'`, `true`, `12`, `@v` (resolved through the query) or `guid'…'`. */
export interface Argument {
  readonly name: string | null;
  readonly value: string;
}

export type MetadataFormat = "verbose" | "minimal" | "none";

/** A request as the service understands it. */
export interface Call {
  readonly request: SandboxRequest;
  /** The verb after X-HTTP-Method. */
  readonly method: string;
  readonly segments: readonly Segment[];
  /** Query options by lower-case name. */
  readonly query: ReadonlyMap<string, string>;
  /** null: the client asks for something else than JSON. */
  readonly format: MetadataFormat | null;
  /** This listener's origin. */
  readonly origin: string;
}

function unquote(literal: string): string {
  const text = /^(?:guid)?'([\s\S]*)'$/i.exec(literal.trim());
  return text === null ? literal.trim() : (text[1] ?? "").replaceAll("''", "'");
}

/** Splits at `separator` where neither quotes nor parentheses are open. Doubled apostrophes inside a literal close and open it again. */
function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === "'") quoted = !quoted;
    else if (quoted) continue;
    else if (c === "(") depth++;
    else if (c === ")") depth--;
    else if (c === separator && depth === 0) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}

function parseArguments(text: string, query: ReadonlyMap<string, string>): Argument[] {
  if (text.trim() === "") return [];
  return splitOutside(text, ",").map((part) => {
    const named = /^\s*([A-Za-z_]\w*)\s*=([\s\S]*)$/.exec(part);
    const literal = (named?.[2] ?? part).trim();
    const value = literal.startsWith("@") ? (query.get(literal.toLowerCase()) ?? "") : literal;
    return { name: named?.[1]?.toLowerCase() ?? null, value: unquote(value) };
  });
}

/** The steps after `/_api/`, or null when the path is no API path or is not well formed. Slashes may be encoded or raw inside quotes. */
export function parsePath(pathname: string, query: ReadonlyMap<string, string>): Segment[] | null {
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  const api = /^\/_api\/([\s\S]*)$/i.exec(path);
  if (api === null) return null;
  const segments: Segment[] = [];
  for (const part of splitOutside(api[1] ?? "", "/")) {
    if (part === "") continue;
    const step = /^([^(]+)(?:\(([\s\S]*)\))?$/.exec(part);
    if (step === null) return null;
    const inner = step[2];
    segments.push({
      name: (step[1] ?? "").toLowerCase(),
      args: inner === undefined ? null : parseArguments(inner, query),
    });
  }
  return segments;
}

/** The first argument, by any of these names or by position. */
export function argument(segment: Segment | undefined, ...names: readonly string[]): string | undefined {
  const { args } = segment ?? {};
  if (args == null) return undefined;
  return (args.find(({ name }) => name !== null && names.includes(name)) ?? args.find(({ name }) => name === null))
    ?.value;
}

/** The metadata form that Accept asks for (docs: "Use OData query operations", odata=verbose|minimalmetadata|nometadata). */
export function formatOf(accept: string | undefined): MetadataFormat | null {
  if (accept === undefined || !/json/i.test(accept)) return null;
  const level = /odata(?:\.metadata)?\s*=\s*"?(\w+)/i.exec(accept)?.[1]?.toLowerCase();
  if (level === "verbose") return "verbose";
  return level === "nometadata" || level === "none" ? "none" : "minimal";
}

/** Understands a request, or null when it is no API call. */
export function parseCall(request: SandboxRequest): Call | null {
  const query = new Map<string, string>();
  for (const [name, value] of request.url.searchParams) query.set(name.toLowerCase(), value);
  const [pathname = ""] = request.target.replace(/^https?:\/\/[^/]+/i, "").split("?");
  const segments = parsePath(pathname, query);
  if (segments === null) return null;
  const override = request.headers["x-http-method"];
  const method = request.method === "POST" && typeof override === "string" ? override.toUpperCase() : request.method;
  return { request, method, segments, query, format: formatOf(request.headers.accept), origin: request.url.origin };
}
