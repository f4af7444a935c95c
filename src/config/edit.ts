import { isMap, isScalar, parseDocument, stringify, type YAMLMap } from "yaml";

/** The keys of `credential` that `photodrift setup` writes. */
export interface CredentialEdit {
  readonly kind: "certificate";
  readonly clientId: string;
  /** As it is to stand in the file. */
  readonly certificatePath: string;
  /** Only where the certificate needs one: a reference such as `${NAME}`, never the password itself. */
  readonly certificatePassword?: string;
}

/**
 * The text of a configuration with another `credential`; every comment and every other line stays as it was, a client secret goes.
 * @param text a configuration that was read without a syntax error
 */
export function withCredential(text: string, edit: CredentialEdit): string {
  const without = withoutKey(text, "clientSecret");
  const entries = Object.entries(edit).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return entries.reduceRight((current, [key, value]) => withKey(current, key, value), without);
}

function withKey(text: string, key: string, value: string): string {
  const document = parseDocument(text);
  const credential: unknown = document.get("credential");
  const line = `${key}: ${scalar(value)}`;
  if (!isMap(credential)) return withSection(text, line);
  const found = pairOf(credential, key);
  if (found !== undefined && isScalar(found.value) && found.value.range && found.value.value !== null) {
    const [start, end] = found.value.range;
    return `${text.slice(0, start)}${scalar(value)}${text.slice(end)}`;
  }
  if (credential.flow === true || found !== undefined) {
    document.setIn(["credential", key], value);
    return document.toString({ lineWidth: 0, flowCollectionPadding: false });
  }
  const [first] = credential.items;
  const at = isScalar(first?.key) ? (first.key.range?.[0] ?? text.length) : text.length;
  const indent = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  return `${text.slice(0, at)}${line}\n${indent}${text.slice(at)}`;
}

/** Fills a `credential:` that is empty, or adds one at the end. */
function withSection(text: string, line: string): string {
  const empty = /^credential:(?:[ \t]*(?:~|null))?(?=[ \t]*(?:#.*)?\r?$)/m.exec(text);
  if (empty === null) return `${text}${text.endsWith("\n") || text === "" ? "" : "\n"}\ncredential:\n  ${line}\n`;
  const end = text.indexOf("\n", empty.index);
  const at = end === -1 ? text.length : end;
  const head = `${text.slice(0, empty.index)}credential:${text.slice(empty.index + empty[0].length, at)}`;
  return `${head}\n  ${line}${text.slice(at)}`;
}

function withoutKey(text: string, key: string): string {
  const document = parseDocument(text);
  const credential: unknown = document.get("credential");
  const found = isMap(credential) ? pairOf(credential, key) : undefined;
  if (found === undefined || !isScalar(found.key) || !found.key.range) return text;
  if (isMap(credential) && credential.flow === true) {
    document.deleteIn(["credential", key]);
    return document.toString({ lineWidth: 0, flowCollectionPadding: false });
  }
  const start = text.lastIndexOf("\n", found.key.range[0] - 1) + 1;
  const end = text.indexOf("\n", found.key.range[0]);
  return `${text.slice(0, start)}${end === -1 ? "" : text.slice(end + 1)}`;
}

function pairOf(map: YAMLMap, key: string) {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

function scalar(value: string): string {
  return stringify(value, { lineWidth: 0 }).trimEnd();
}
