import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decide, SITUATIONS, type Decision, type Situation } from "./decision-table.js";

/** The table of src/desired/README.md: what a row covers and what it promises. */
interface Row {
  readonly text: string;
  readonly covers: (situation: Situation) => boolean;
  readonly decision: Decision;
}

const INPUTS = ["list", "authority", "applied", "shows"] as const;
const HEADER = "| list | authority | we last applied | the store shows | finding | cause | drift | remedy |";

function readTable(): readonly Row[] {
  const lines = readFileSync(new URL("../../../src/desired/README.md", import.meta.url), "utf8").split("\n");
  const from = lines.findIndex((line) => normal(line) === HEADER);
  const rows = lines.slice(from + 2);
  return rows
    .slice(
      0,
      rows.findIndex((line) => !line.startsWith("|")),
    )
    .map(parseRow);
}

function normal(line: string): string {
  return line.replace(/\s+/g, " ").trim();
}

function parseRow(line: string): Row {
  const cells = line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.replaceAll("`", "").trim());
  const [finding = "", cause = "", drift = "", remedy = ""] = cells.slice(INPUTS.length);
  const inputs = INPUTS.map((input, i) => [input, (cells[i] ?? "").split(", ")] as const);
  return {
    text: normal(line),
    covers: (situation) => inputs.every(([input, words]) => words.includes("any") || words.includes(situation[input])),
    decision: { finding, cause, drift, remedy },
  };
}

/** "as without" stands for the cause that the same situation has without any list. */
function promised({ decision }: Row, situation: Situation): Decision {
  return decision.cause === "as without"
    ? { ...decision, cause: decide({ ...situation, list: "none" }).cause }
    : decision;
}

const TABLE = readTable();

describe("the decision table of src/desired/README.md", () => {
  it("is there", () => {
    expect(TABLE.length).toBeGreaterThan(20);
  });

  it.each(TABLE.map((row) => [row.text, row] as const))("%s", (_, row) => {
    const covered = SITUATIONS.filter(row.covers);

    expect(covered).not.toEqual([]);
    for (const situation of covered) {
      expect({ situation, ...decide(situation) }).toEqual({ situation, ...promised(row, situation) });
    }
  });

  it("covers every situation once", () => {
    for (const situation of SITUATIONS) {
      const rows = TABLE.filter((row) => row.covers(situation)).map((row) => row.text);
      expect({ situation, rows }).toMatchObject({ rows: [expect.any(String)] });
    }
  });
});
