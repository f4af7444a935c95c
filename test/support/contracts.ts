import ts from "typescript";

/** What a docstring has to tell of a function or type that others use: the errors it throws, and units of its numbers. */
export interface Contract {
  /** Codes of the PhotodriftErrors that the statement itself throws, as far as they are written out there. */
  readonly codes: readonly string[];
  /** Numbers that a reader can take for another unit: `name` of the member or parameter, and all text that speaks of it. */
  readonly numbers: readonly { readonly name: string; readonly told: string }[];
  /** The docstring of the statement, "" for none. */
  readonly doc: string;
}

/** The contract that a statement on the top level of a file makes. */
export function contractOf(statement: ts.Statement): Contract {
  const doc = docOf(statement);
  return { codes: codesThrown(statement), numbers: numbersOf(statement, doc), doc };
}

function docOf(node: ts.Node): string {
  return ts
    .getJSDocCommentsAndTags(node)
    .map((comment) => comment.getText())
    .join("\n");
}

/** Errors of this program are thrown as `throw new PhotodriftError("code", …)`: by a function itself, or by one of its file that it calls. */
function codesThrown(statement: ts.Statement): readonly string[] {
  const codes: string[] = [];
  const seen = new Set<ts.Node>();
  const own = new Map<string, ts.Statement>();
  for (const other of statement.getSourceFile().statements)
    if (ts.isFunctionDeclaration(other) && other.name !== undefined) own.set(other.name.text, other);
  const visit = (node: ts.Node): void => {
    if (ts.isThrowStatement(node) && ts.isNewExpression(node.expression)) {
      const [code] = node.expression.arguments ?? [];
      if (node.expression.expression.getText() === "PhotodriftError" && code !== undefined && ts.isStringLiteral(code))
        codes.push(code.text);
    }
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) follow(own.get(node.expression.text));
    ts.forEachChild(node, visit);
  };
  const follow = (called: ts.Statement | undefined): void => {
    if (called === undefined || seen.has(called)) return;
    seen.add(called);
    visit(called);
  };
  if (ts.isFunctionDeclaration(statement)) follow(statement);
  return codes;
}

function numbersOf(statement: ts.Statement, doc: string): Contract["numbers"] {
  const isNumber = (type: ts.TypeNode | undefined): boolean => /^number(?: \| null)?$/.test(type?.getText() ?? "");
  if (ts.isFunctionDeclaration(statement))
    return statement.parameters
      .filter(({ type }) => isNumber(type))
      .map((parameter) => ({ name: parameter.name.getText(), told: doc }));
  if (!ts.isInterfaceDeclaration(statement)) return [];
  return statement.members
    .filter(ts.isPropertySignature)
    .filter(({ type }) => isNumber(type))
    .map((member) => ({ name: member.name.getText(), told: `${doc}\n${docOf(member)}` }));
}

/** Names of moments and spans: a number of that name may be milliseconds, seconds, days or a date's parts. */
const TIMES =
  /^(?:now|at|instant|due|until|wait|delay|age|pause|patience|timeout|since|from|to|beat|silence|margin)$|(?:At|Due|To|Until|From|Wait|Delay|Timeout)$/;
const UNIT =
  /millisecond|\bms\b|second|minute|\bhours?\b|\bdays?\b|Date\.now|index|place|offset|pixel|percent|position|letters|tokens|revision/i;

/** Numbers that are times by their name, and of which no text tells the unit. */
export function withoutUnit({ numbers }: Contract): readonly string[] {
  return numbers.filter(({ name, told }) => TIMES.test(name) && !UNIT.test(told)).map(({ name }) => name);
}

/** Codes that the docstring does not name. */
export function unnamedErrors({ codes, doc }: Contract): readonly string[] {
  return [...new Set(codes)].filter((code) => !/throws?\b|refuse/i.test(doc) || !doc.includes(code));
}
