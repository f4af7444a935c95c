import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type Pair,
  type YAMLError,
} from "yaml";
import type { Problem } from "./problems.js";

export type KeyPath = readonly (string | number)[];

/** A parsed YAML file that can tell where each key stands. */
export interface YamlSource {
  readonly file: string;
  readonly text: string;
  readonly document: Document;
  /** Mistakes of YAML itself: syntax, duplicate keys, unknown tags, several documents. */
  readonly problems: readonly Problem[];
  /** False where these leave open what the values are: nothing else can be said of the file. */
  readonly isReadable: boolean;
  place(offset: number): { readonly line: number; readonly column: number };
}

export function parseYaml(file: string, text: string): YamlSource {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  function place(offset: number): { line: number; column: number } {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }
  const told = telling([...document.errors, ...document.warnings]).map((error) => ({
    offset: error.pos[0],
    message: explain(text, error),
  }));
  const loose = looseAliases(document).map((offset) => ({ offset, message: LOOSE_ALIAS }));
  const problems = (told.length > 0 ? told : loose).map(({ offset, message }) => ({
    file,
    ...place(offset),
    key: "",
    message,
  }));
  const isReadable = document.warnings.length + loose.length === 0 && document.errors.every(isDoubledKey);
  return { file, text, document, problems, isReadable, place };
}

function isDoubledKey({ code }: YAMLError): boolean {
  return code === "DUPLICATE_KEY";
}

/** Maps that stand under one key twice become one, so that each is checked and nothing counts as missing; of other values the last stays. */
export function mergeDoubledKeys({ document }: YamlSource): void {
  visit(document, {
    Map(_, map) {
      const kept = new Map<string, Pair>();
      for (const pair of map.items) {
        const key = String(pair.key);
        const first = kept.get(key);
        if (first !== undefined && isMap(first.value) && isMap(pair.value)) first.value.items.push(...pair.value.items);
        else kept.set(key, pair);
      }
      map.items = [...kept.values()];
    },
  });
}

const LOOSE_ALIAS =
  "not valid YAML: an alias of an anchor that is not there; expected quotes around a value that begins with *";

/** Where aliases stand whose anchor does not stand before them: the parser finds them only when values are made, and repeats the word. */
function looseAliases(document: Document): readonly number[] {
  const offsets: number[] = [];
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) === undefined) offsets.push(alias.range?.[0] ?? 0);
    },
  });
  return offsets;
}

/** One syntax error draws a train of others behind it: only the first is kept, beside every mistake of another sort. */
function telling(errors: readonly YAMLError[]): readonly YAMLError[] {
  const isSyntax = (error: YAMLError) => !isDoubledKey(error) && error.code !== "TAG_RESOLVE_FAILED";
  const first = errors.find(isSyntax);
  return errors.filter((error) => error === first || (!isSyntax(error) && (!first || error.pos[0] < first.pos[0])));
}

function explain(text: string, error: YAMLError): string {
  const offset = error.pos[0];
  if (error.code === "DUPLICATE_KEY") {
    return `the key "${keyAt(text, offset)}" stands twice in the same map, expected once`;
  }
  if (error.code === "MULTIPLE_DOCS") return "a second YAML document begins here (---), expected one in the file";
  const message = `not valid YAML: ${withoutSource(error)}`;
  if (text.slice(Math.max(0, offset - 1), offset + 1) === "${") {
    return `${message}; between braces or brackets \${NAME} needs quotes, expected "\${NAME}"`;
  }
  return /^[*@%`&!]/.test(text.slice(offset)) ? `${message}; expected quotes around a value that begins so` : message;
}

/** What the parser says without the text of the file that it repeats: `!word` and `|word` may be a password without quotes. */
function withoutSource({ code, message }: YAMLError): string {
  const told = message.replace(/\s+/g, " ").trim();
  if (code === "TAG_RESOLVE_FAILED" || code === "UNEXPECTED_TOKEN") return told.replace(/:.*$/, "");
  return /^(Invalid escape sequence|Unknown directive)/.exec(told)?.[0] ?? told;
}

function keyAt(text: string, offset: number): string {
  return (/^[^:\r\n]*/.exec(text.slice(offset, offset + 100))?.[0] ?? "").trim();
}

/** The node of a value, or null when the path leads nowhere. Aliases are followed. */
export function nodeAt(source: YamlSource, path: KeyPath): Node | null {
  let node: unknown = source.document.contents;
  for (const step of path) {
    const at: unknown = isAlias(node) ? node.resolve(source.document) : node;
    if (isMap(at)) node = at.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(step))?.value;
    else if (isSeq(at)) node = typeof step === "number" ? at.items[step] : undefined;
    else return null;
  }
  return (node as Node | null | undefined) ?? null;
}

/** Offset of a key's name in its map; falls back to the nearest enclosing place that exists. */
export function keyOffset(source: YamlSource, path: KeyPath): number {
  const name = path.at(-1);
  if (name === undefined) return firstOffset(source);
  const parent = nodeAt(source, path.slice(0, -1));
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(name));
    if (pair && isScalar(pair.key) && pair.key.range) return pair.key.range[0];
  }
  if (isSeq(parent)) return nodeAt(source, path)?.range?.[0] ?? keyOffset(source, path.slice(0, -1));
  return keyOffset(source, path.slice(0, -1));
}

/** Offset of a value; of its key when it has none (an empty value, a missing key's parent). */
export function valueOffset(source: YamlSource, path: KeyPath): number {
  const node = nodeAt(source, path);
  const empty = node === null || (isScalar(node) && node.value === null) || !node.range;
  return empty || path.length === 0 ? keyOffset(source, path) : (node.range?.[0] ?? 0);
}

function firstOffset(source: YamlSource): number {
  return source.document.contents?.range?.[0] ?? 0;
}

/** `["notify", 0, "url"]` -> `notify[0].url`. */
export function keyText(path: KeyPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}
