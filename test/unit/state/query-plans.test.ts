import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, describe, expect, it } from "vitest";
import { watchChanges } from "../../../src/state/postgres/changes.js";
import { draft, file, temporaryState } from "./made.js";

const STATE = join(import.meta.dirname, "../../../src/state");

/**
 * Statements that read a whole table and may: each runs once a run, or over a table whose size does not follow the number of users.
 * Anything else that grows with the tenant must find its rows by an index: a scan inside a loop makes a run quadratic.
 */
const ONCE_A_RUN: readonly RegExp[] = [
  /^SELECT count\(\*\)/i,
  /^(DELETE|UPDATE|INSERT INTO retired_masters)\b/i,
  // The table of runs holds as many rows as runs are kept.
  /\bFROM runs\b/i,
  // Whether two users of a listing have one name: an index scan at the end of the listing.
  /^SELECT upn_key FROM users WHERE id IN \(SELECT key FROM temp.seen_users\) GROUP BY/i,
  // Whether the list of the library's folders is whole, once after it was read.
  /^SELECT path FROM library_folders ORDER BY path$/i,
  // Rows that wait to be carried to the database of a fleet; each is wanted.
  /\bFROM temp\.changed\b|^DELETE FROM temp\.changed/i,
  // The list of tables itself, once a hold.
  /\bFROM main\.sqlite_schema\b/i,
  // One row for each counter.
  /\bFROM sqlite_sequence\b/i,
  // The index holds open intents alone: what a cut-off run left.
  /^SELECT \* FROM journal WHERE outcome IS NULL/i,
];

interface Statement {
  readonly file: string;
  readonly sql: string;
}

/** Every text given to `prepare` in src/state; one that is put together at run time is left out. */
function statements(): readonly Statement[] {
  return readdirSync(STATE, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => {
      const found: Statement[] = [];
      const source = ts.createSourceFile(file, readFileSync(join(STATE, file), "utf8"), ts.ScriptTarget.Latest, true);
      const visit = (node: ts.Node): void => {
        if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
          const [text] = node.arguments;
          if (node.expression.name.text === "prepare" && text !== undefined && ts.isStringLiteralLike(text))
            found.push({ file, sql: text.text.trim() });
        }
        ts.forEachChild(node, visit);
      };
      visit(source);
      return found;
    });
}

describe("statements of the state file", () => {
  const state = temporaryState();
  // The table of waiting changes is there while a copy of a fleet is watched.
  watchChanges(state.db);
  // So are the lists of what a run has seen, while it lists.
  state.records.countUsersUnseen("r");
  state.records.saveLibraryFiles("r", [file("anna_contoso_com")]);
  state.records.beginRun({
    id: "r",
    mode: "audit",
    trigger: "cli",
    tenant: "contoso.com",
    startedAt: "2026-01-01T00:00:00Z",
  });
  state.records.recordFindings("r", [draft("stale-photo", "anna", "exchange/anna@contoso.com")]);
  afterAll(() => state.remove());
  const all = statements();

  function scans(sql: string): readonly string[] {
    const parameters = Array.from({ length: (sql.match(/\?/g) ?? []).length }, () => null);
    const rows = state.db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters);
    return rows.map(({ detail }) => detail).filter((detail) => /^SCAN (?!CONSTANT ROW)/.test(detail));
  }

  it("are found", () => {
    expect(all.length).toBeGreaterThan(60);
    expect(all.filter(({ sql }) => /LIMIT \d{3,}/.test(sql)).length).toBeGreaterThan(7);
  });

  it("that page never scan", () => {
    const paged = all.filter(({ sql }) => /LIMIT \d{3,}/.test(sql));
    expect(paged.filter(({ sql }) => scans(sql).length > 0)).toEqual([]);
  });

  it("scan a table only where they run once a run", () => {
    const scanning = all.filter(({ sql }) => !ONCE_A_RUN.some((may) => may.test(sql)) && scans(sql).length > 0);
    expect(scanning.map(({ file, sql }) => ({ file, sql, scans: scans(sql) }))).toEqual([]);
  });
});
