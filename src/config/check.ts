import { isAlias, isScalar } from "yaml";
import type { z } from "zod";
import { expandEnvironment } from "./environment.js";
import { nearMiss } from "../model/near-miss.js";
import { didYouMean, invalidFile, type Problem } from "./problems.js";
import { mayBeSecret, secretPaths } from "./secret-fields.js";
import {
  keyOffset,
  keyText,
  mergeDoubledKeys,
  nodeAt,
  parseYaml,
  valueOffset,
  type KeyPath,
  type YamlSource,
} from "./yaml-source.js";
import { messageOf } from "../model/caught.js";

/** Reports a problem of a key; the place is found from the path. */
export type Report = (path: KeyPath, message: string) => void;

/** Checks that need more than one key, or the disk. They see the raw value, so that they run beside every other mistake. */
export type CrossCheck = (raw: unknown, report: Report) => void;

/**
 * YAML text -> checked value with defaults.
 * @throws ConfigError `config-invalid` with every problem of the file at once
 */
export function checkYaml<Schema extends z.ZodType>(
  file: string,
  text: string,
  schema: Schema,
  env: NodeJS.ProcessEnv,
  crossCheck: CrossCheck,
): z.output<Schema> {
  const source = parseYaml(file, text);
  if (!source.isReadable) throw invalidFile(file, source.problems);
  if (isEmpty(source)) {
    throw invalidFile(file, [
      { file, line: 1, column: 1, key: "", message: "the file is empty, expected a map of keys" },
    ]);
  }
  const secrets = secretPaths(schema);
  const isSecret = (path: KeyPath) => mayBeSecret(secrets, path);
  const { problems: unset, expanded } = expandEnvironment(source, env, isSecret);
  // An alias may lead to a value that is a secret at its own place.
  const quotable = (path: KeyPath) => {
    const node = nodeAt(source, path);
    return node === null || !(expanded.has(node) || isAlias(node) || isSecret(path));
  };
  mergeDoubledKeys(source);
  let raw = toValue(source);
  let result = schema.safeParse(raw);
  if (!result.success && readExpandedScalars(source, expanded, result.error.issues)) {
    raw = toValue(source);
    result = schema.safeParse(raw);
  }
  const issues = result.success ? [] : result.error.issues;
  const problems: Problem[] = [
    ...source.problems,
    ...unset,
    ...issues.flatMap((issue) => explain(source, raw, issue, quotable)),
  ];
  crossCheck(raw, (path, message) => {
    problems.push({ file, ...source.place(valueOffset(source, path)), key: keyText(path), message });
  });
  // A value that could not be filled in says nothing about its form.
  const unfilled = new Set(unset.map((problem) => problem.key));
  const telling = problems.filter((problem) => unset.includes(problem) || !unfilled.has(problem.key));
  if (telling.length > 0 || !result.success) throw invalidFile(file, telling);
  return result.data;
}

function isEmpty(source: YamlSource): boolean {
  const root = source.document.contents;
  return root === null || (isScalar(root) && root.value === null);
}

/** @throws ConfigError where aliases multiply beyond reason */
function toValue(source: YamlSource): unknown {
  try {
    return source.document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch (error) {
    const message = `not usable YAML: ${messageOf(error)}`;
    throw invalidFile(source.file, [{ file: source.file, line: 1, column: 1, key: "", message }]);
  }
}

/** `concurrency: ${N}` arrives as text: where a number or a truth value is wanted, it is read as YAML would have. */
function readExpandedScalars(
  source: YamlSource,
  expanded: ReadonlySet<unknown>,
  issues: readonly z.core.$ZodIssue[],
): boolean {
  let changed = false;
  for (const issue of issues) {
    const node = nodeAt(source, keyPath(issue));
    if (issue.code !== "invalid_type" || !isScalar(node) || !expanded.has(node) || typeof node.value !== "string")
      continue;
    const wanted: string = issue.expected;
    if (wanted === "boolean" && /^(true|false)$/i.test(node.value)) node.value = node.value.toLowerCase() === "true";
    else if (/^(number|int)$/.test(wanted) && /^-?\d+(\.\d+)?$/.test(node.value)) node.value = Number(node.value);
    else continue;
    changed = true;
  }
  return changed;
}

function keyPath(issue: z.core.$ZodIssue): (string | number)[] {
  return issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
}

/** A single text where a list may stand is read as a list of one: its problem stands at the text. */
function writtenPath(raw: unknown, path: KeyPath): KeyPath {
  const parent = path.slice(0, -1);
  return path.at(-1) === 0 && typeof valueAt(raw, parent) === "string" ? parent : path;
}

function explain(
  source: YamlSource,
  raw: unknown,
  issue: z.core.$ZodIssue,
  quotable: (path: KeyPath) => boolean,
): Problem[] {
  const path = writtenPath(raw, keyPath(issue));
  if (issue.code === "unrecognized_keys") {
    const known = JSON.parse(issue.message) as string[];
    return issue.keys.map((key) => {
      const at = [...path, key];
      const message = `unknown key, expected one of ${known.join(", ")}${didYouMean(nearMiss(key, known))}`;
      return { file: source.file, ...source.place(keyOffset(source, at)), key: keyText(at), message };
    });
  }
  const found = valueAt(raw, path);
  const place = source.place(valueOffset(source, path));
  const key = keyText(path);
  if (issue.code === "custom" && issue.params?.["complete"] === true) {
    return [{ file: source.file, ...place, key, message: issue.message }];
  }
  const candidates = issue.code === "invalid_value" ? issue.values.map(String) : [];
  const meant = typeof found === "string" ? nearMiss(found, candidates) : null;
  const isText = issue.code === "invalid_type" && issue.expected === "string";
  const unquoted = isText && (typeof found === "number" || typeof found === "boolean") ? ", in quotes" : "";
  const wrong = found === undefined ? "is missing" : `got ${describe(found, quotable(path))}`;
  return [
    { file: source.file, ...place, key, message: `${wrong}, expected ${issue.message}${unquoted}${didYouMean(meant)}` },
  ];
}

/** The value at a path, undefined where there is none or nothing is written there. */
export function valueAt(raw: unknown, path: KeyPath): unknown {
  let value = raw;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as { readonly [key: string | number]: unknown })[step];
  }
  return value ?? undefined;
}

function describe(value: unknown, isQuotable: boolean): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "a map";
  if (!isQuotable) return "a value that is not shown here";
  // What JSON has no words for - .inf and .nan of YAML - would be told as null.
  const text = value === undefined ? "nothing" : typeof value === "number" ? String(value) : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
