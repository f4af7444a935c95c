/** Text that is HTML already. Made only by `html` and `raw`. */
export interface Html {
  readonly html: string;
}

/** Trusted constants of this program (style, script, drawings), never foreign text. */
export function raw(text: string): Html {
  return { html: text };
}

/** Template tag: every value is escaped unless it is Html itself; lists are joined. Attribute values must stand in double quotes. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let out = parts[0] ?? "";
  for (const [i, value] of values.entries()) out += markup(value) + (parts[i + 1] ?? "");
  return { html: out };
}

export type HtmlValue = string | number | Html | readonly Html[];

function markup(value: HtmlValue): string {
  if (typeof value === "string" || typeof value === "number") return escapeHtml(String(value));
  return "html" in value ? value.html : value.map((part) => part.html).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c);
}

/**
 * A value as a JSON data block. Nothing in it can end the element or open a comment: `<`, `>`, `&` and direction marks are written as \u escapes, which
 * JSON reads as the same characters. https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements
 */
export function jsonBlock(id: string, value: unknown): string {
  const json = JSON.stringify(value).replace(
    /[<>&\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `<script type="application/json" id="${escapeHtml(id)}">${json}</script>\n`;
}
