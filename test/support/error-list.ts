import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";

/** One error that the program can make, as its source tells; what is only known when it happens stands as an ellipsis. */
export interface KnownError {
  readonly code: string;
  readonly message: string;
  readonly cure: string;
  /** failed, refused, incomplete or usage. */
  readonly errorClass: string;
  readonly file: string;
}

const OPEN = "…";
const CLASSES = new Set(["failed", "refused", "incomplete", "usage"]);
const KEBAB = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** Tables and functions that give code, message and cure as a list, where the error itself is made of their parts. */
const LISTS = /\/(?:system-errors|failures|login-failures|network-errors|refusals)\.ts$/;

/** Every error of the sources below `root`, read from the syntax alone. */
export function errorsOf(root: string): readonly KnownError[] {
  return sources(root).flatMap((path) => {
    const file = relative(root, path).replaceAll("\\", "/");
    const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022, true);
    return [...made(source), ...(LISTS.test(path) ? listed(source) : [])].map((one) => ({ ...one, file }));
  });
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "sandbox" ? [] : sources(path);
    return path.endsWith(".ts") ? [path] : [];
  });
}

type Found = Omit<KnownError, "file">;

/** `new PhotodriftError(…)` and its kinds; arguments that are parameters of a helper are taken from the helper's calls. */
function made(source: ts.SourceFile): Found[] {
  const found: Found[] = [];
  walk(source, (node) => {
    if (!ts.isNewExpression(node) || !/^(?:Photodrift|Config)Error$/.test(node.expression.getText())) return;
    const args = [...(node.arguments ?? [])];
    const helper = enclosing(node);
    const names = helper?.parameters.map((parameter) => parameter.name.getText()) ?? [];
    const open = args.some((arg) => ts.isIdentifier(arg) && names.includes(arg.text));
    const name = helper?.name?.getText();
    const calls = open && name !== undefined ? callsOf(source, name) : [];
    if (calls.length === 0) found.push(...errorOf(args, node));
    for (const call of calls) {
      found.push(
        ...errorOf(
          args.map((arg) => (ts.isIdentifier(arg) ? (call.arguments[names.indexOf(arg.text)] ?? arg) : arg)),
          node,
        ),
      );
    }
  });
  return found;
}

function errorOf(args: readonly ts.Expression[], node: ts.NewExpression): Found[] {
  const [code, message, cure, errorClass] = args;
  if (code === undefined || message === undefined || cure === undefined) return [];
  const fallback = node.expression.getText() === "ConfigError" ? "usage" : "failed";
  const given = errorClass === undefined ? fallback : words(errorClass);
  return words(code)
    .split(" / ")
    .filter((one) => KEBAB.test(one))
    .map((one) => ({
      code: one,
      message: words(message),
      cure: words(cure),
      errorClass: CLASSES.has(given) ? given : fallback,
    }));
}

function listed(source: ts.SourceFile): Found[] {
  const found: Found[] = [];
  walk(source, (node) => {
    if (ts.isObjectLiteralExpression(node)) found.push(...meaning(node));
    if (!ts.isArrayLiteralExpression(node) || node.elements.length < 3) return;
    const parts = node.elements.map(words);
    const [code = "", second = "", third = ""] = parts;
    if (!KEBAB.test(code) || CLASSES.has(code)) return;
    // Of an answer's failure the message is made of what was asked and what the service said.
    const [message, cure] = CLASSES.has(third) ? [OPEN, second] : [second, third];
    found.push({ code, message, cure, errorClass: parts.find((part) => CLASSES.has(part)) ?? "failed" });
  });
  return found;
}

/** What an answer's status means, as `{ code, hint, errorClass }`. */
function meaning(node: ts.ObjectLiteralExpression): Found[] {
  const value = (name: string): string => {
    const property = node.properties.find((one) => ts.isPropertyAssignment(one) && one.name.getText() === name);
    return property !== undefined && ts.isPropertyAssignment(property) ? words(property.initializer) : "";
  };
  const [code, cure, errorClass] = [value("code"), value("hint"), value("errorClass")];
  if (!KEBAB.test(code) || cure === "" || !CLASSES.has(errorClass)) return [];
  return [{ code, message: OPEN, cure, errorClass }];
}

function callsOf(source: ts.SourceFile, name: string): ts.CallExpression[] {
  const calls: ts.CallExpression[] = [];
  walk(source, (node) => {
    if (ts.isCallExpression(node) && node.expression.getText() === name) calls.push(node);
  });
  return calls;
}

function enclosing(node: ts.Node): ts.FunctionLikeDeclaration | undefined {
  for (let at: ts.Node | undefined = node.parent; at !== undefined; at = at.parent) {
    if (ts.isFunctionDeclaration(at) || ts.isMethodDeclaration(at)) return at;
  }
  return undefined;
}

/** A text as far as the source holds it. */
function words(node: ts.Expression): string {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    const spans = node.templateSpans.map(({ expression, literal }) => inTemplate(expression) + literal.text);
    return node.head.text + spans.join("");
  }
  if (ts.isIdentifier(node)) return constant(node) ?? OPEN;
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) return words(node.expression);
  if (ts.isConditionalExpression(node)) return [...new Set([words(node.whenTrue), words(node.whenFalse)])].join(" / ");
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return words(node.left) + words(node.right);
  return OPEN;
}

/** What a constant of the file holds, or null where it is none, or no text. */
function constant(name: ts.Identifier): string | null {
  let text: string | null = null;
  walk(name.getSourceFile(), (node) => {
    if (!ts.isVariableDeclaration(node) || node.name.getText() !== name.text || node.initializer === undefined) return;
    if ((node.parent.flags & ts.NodeFlags.Const) !== 0 && !ts.isIdentifier(node.initializer))
      text ??= words(node.initializer);
  });
  return text;
}

/** Within a sentence a choice would make two sentences of one: it stays open unless it is a text. */
function inTemplate(node: ts.Expression): string {
  return ts.isStringLiteralLike(node) ? node.text : OPEN;
}

function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => {
    walk(child, visit);
  });
}
