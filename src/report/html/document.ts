import { createHash } from "node:crypto";
import { escapeHtml } from "./escape.js";

/**
 * A page up to its body, that needs nothing else and whose own policy forbids it to load or send anything. Line by line: the policy names the
 * hash of the style, to which no formatter may add a space.
 * @param script the program that the page ends with; null where it has none
 */
export function* documentHead(title: string, style: string, script: string | null): Iterable<string> {
  yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n';
  yield `<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy(style, script))}">\n`;
  yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n';
  yield '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n';
  yield '<meta name="color-scheme" content="light dark">\n';
  yield `<title>${escapeHtml(title)}</title>\n<link rel="icon" href="data:,">\n`;
  yield `<style>${style}</style>\n</head>\n<body>\n`;
}

/** Only this style and this script, pictures only from within, no connection, no frame, no form, no way to turn text into script. */
function policy(style: string, script: string | null): string {
  return [
    "default-src 'none'",
    ...(script === null ? [] : [`script-src '${digestOf(script)}'`]),
    `style-src '${digestOf(style)}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

function digestOf(text: string): string {
  return `sha256-${createHash("sha256").update(text, "utf8").digest("base64")}`;
}
