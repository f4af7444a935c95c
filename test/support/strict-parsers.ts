import { parse } from "csv-parse/sync";
import { parseDocument } from "yaml";

/** Problems of a document in its format, found by a parser that forgives nothing; empty when it is well-formed. */
export function problemsOf(format: string, text: string): readonly string[] {
  // eslint-disable-next-line no-control-regex
  if (format !== "json" && /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text)) return ["control characters"];
  switch (format) {
    case "json":
      return jsonProblems(text);
    case "csv":
      return csvProblems(text);
    case "html":
      return htmlProblems(text);
    case "md":
      return /^## \S/.test(text) ? [] : ["no heading"];
    default:
      return text.trim() === "" ? ["nothing"] : [];
  }
}

/** JSON (RFC 8259), and no object with one name twice. */
function jsonProblems(text: string): readonly string[] {
  try {
    JSON.parse(text);
  } catch (error) {
    return [String(error)];
  }
  return parseDocument(text, { uniqueKeys: true }).errors.map(({ message }) => message);
}

/** RFC 4180: CRLF after every record, as many fields in each. */
function csvProblems(text: string): readonly string[] {
  if (!text.endsWith("\r\n")) return ["does not end in CRLF"];
  try {
    const rows = parse(text, { record_delimiter: "\r\n", relax_column_count: false, relax_quotes: false });
    return rows.length === 0 ? ["no header"] : [];
  } catch (error) {
    return [String(error)];
  }
}

const VOID = new Set(["meta", "link", "input", "br", "img", "hr"]);

/** Every element is closed, in order; script and style hold text. */
function htmlProblems(text: string): readonly string[] {
  if (!text.startsWith("<!doctype html>")) return ["no doctype"];
  const bare = text.replace(/<(script|style)\b([^>]*)>[\s\S]*?<\/\1>/g, "<$1$2></$1>");
  const open: string[] = [];
  for (const [, close, name = "", , self] of bare.matchAll(/<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|[^">])*?)(\/?)>/g)) {
    if (close === "/") {
      const last = open.pop();
      if (last !== name) return [`</${name}> where <${last ?? "nothing"}> is open`];
    } else if (self !== "/" && !VOID.has(name)) open.push(name);
  }
  return open.length === 0 ? [] : [`not closed: ${open.join(", ")}`];
}
