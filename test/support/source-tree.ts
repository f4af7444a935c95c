import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import ts from "typescript";
import { contractOf, type Contract } from "./contracts.js";

/** The program's own text, taken apart: who imports what from whom, and which of it has a docstring. */
export const SRC = join(import.meta.dirname, "..", "..", "src");

export function sources(dir: string): string[] {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    return statSync(path).isDirectory() ? sources(path) : path.endsWith(".ts") ? [path] : [];
  });
}

/** The first folder of a path below src. */
export const room = (path: string): string => path.split("/")[0] ?? path;

interface File {
  /** Own exports, with what their docstrings have to tell. */
  readonly declared: Map<string, Contract>;
  /** Exports taken from another file: its path and the name there. */
  readonly passedOn: Map<string, readonly [path: string, name: string]>;
  readonly imported: { readonly path: string; readonly name: string }[];
}

/** `room/file.ts#name` of everything that one room takes from another, with what its docstring has to tell. */
export function publicNames(): ReadonlyMap<string, Contract> {
  const files = new Map(sources(SRC).map((path) => [relative(SRC, path), fileOf(path)]));
  const found = new Map<string, Contract>();
  for (const [from, { imported }] of files) {
    for (const { path, name } of imported) {
      if (room(path) === room(from)) continue;
      const home = homeOf(files, path, name);
      if (home !== null) found.set(`${home.path}#${home.name}`, home.contract);
    }
  }
  return found;
}

function homeOf(files: ReadonlyMap<string, File>, path: string, name: string) {
  for (let at: readonly [string, string] = [path, name]; ;) {
    const file = files.get(at[0]);
    const contract = file?.declared.get(at[1]);
    if (contract !== undefined) return { path: at[0], name: at[1], contract };
    const next = file?.passedOn.get(at[1]);
    if (next === undefined) return null;
    at = next;
  }
}

function fileOf(path: string): File {
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
  const file: File = { declared: new Map(), passedOn: new Map(), imported: [] };
  const target = (specifier: ts.Expression): string =>
    relative(SRC, normalize(join(dirname(path), (specifier as ts.StringLiteral).text))).replace(/\.js$/, ".ts");
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) {
      const names = statement.importClause?.namedBindings;
      if (names === undefined || !ts.isNamedImports(names)) continue;
      for (const { propertyName, name } of names.elements)
        file.imported.push({ path: target(statement.moduleSpecifier), name: (propertyName ?? name).text });
    } else if (ts.isExportDeclaration(statement)) {
      const { exportClause, moduleSpecifier } = statement;
      if (moduleSpecifier === undefined || exportClause === undefined || !ts.isNamedExports(exportClause)) continue;
      for (const { propertyName, name } of exportClause.elements)
        file.passedOn.set(name.text, [target(moduleSpecifier), (propertyName ?? name).text]);
    } else {
      for (const name of exportedBy(statement)) file.declared.set(name, contractOf(statement));
    }
  }
  return file;
}

function exportedBy(statement: ts.Statement): readonly string[] {
  const isExported =
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false);
  if (!isExported) return [];
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  const { name } = statement as ts.DeclarationStatement;
  return name === undefined ? [] : [name.text];
}
