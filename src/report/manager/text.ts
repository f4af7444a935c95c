import type { ReportSource } from "../../model/report.js";
import { plain } from "../../model/text.js";
import { columns, padEnd, wrap } from "../columns.js";
import { safe } from "../formats/md.js";
import * as words from "../wording.js";
import { managerFigures, type ManagerFigures } from "./figures.js";
import { rightShare } from "./points.js";
import {
  ASSUMPTIONS,
  changeLine,
  changeSentence,
  costRows,
  costSentence,
  percent,
  rightSentence,
  share,
  title,
  UNIT_WORDS,
  worstCells,
} from "./words.js";

interface Part {
  readonly heading: string;
  readonly sentence: string;
  /** Rows of cells; the first row names the columns where `headed`. */
  readonly rows: readonly (readonly string[])[];
  readonly headed: boolean;
}

function parts(figures: ManagerFigures): readonly Part[] {
  const { change, worst, points, unit } = figures;
  return [
    {
      heading: "What changed",
      sentence: changeSentence(figures),
      rows: (change?.rules ?? []).map(changeLine),
      headed: false,
    },
    { heading: "What it costs to fix", sentence: costSentence(figures), rows: costRows(figures), headed: false },
    {
      heading: "The ten worst",
      sentence: worst.length === 0 ? "Nothing is wrong." : "",
      rows: worst.length === 0 ? [] : [["What is wrong", "How many", "Since"], ...worst.map(worstCells)],
      headed: true,
    },
    {
      heading: `Share of right faces, ${UNIT_WORDS[unit]}`,
      sentence: points.length < 2 ? "The trend begins with the second audit." : "",
      rows:
        points.length < 2
          ? []
          : points.map((point) => [plain(point.finishedAt.slice(0, 10)), percent(rightShare(point))]),
      headed: false,
    },
  ];
}

/** The manager's page for a terminal. @param width columns */
export function* managerText(source: ReportSource, width: number): Iterable<string> {
  const figures = managerFigures(source);
  const lines = (text: string) => wrap(text, width).map((line) => `${line}\n`);
  yield `${title(source)} · ${plain(words.moment(source.run.finishedAt))}\n\n`;
  yield* lines(`${percent(share(figures.right, figures.scope))} right. ${rightSentence(figures)}`);
  for (const { heading, sentence, rows } of parts(figures)) {
    yield `\n${heading}\n`;
    if (sentence !== "") yield* lines(sentence);
    const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => columns(row[i] ?? ""))));
    for (const row of rows)
      yield `  ${row
        .map((cell, i) => padEnd(cell, widths[i] ?? 0))
        .join("  ")
        .trimEnd()}\n`;
  }
  yield "\n";
  yield* lines(ASSUMPTIONS);
}

/** The same as Markdown. */
export function* managerMarkdown(source: ReportSource): Iterable<string> {
  const figures = managerFigures(source);
  const row = (cells: readonly string[]) => `| ${cells.map(safe).join(" | ")} |\n`;
  yield `## ${safe(title(source))}\n\n${safe(words.moment(source.run.finishedAt))}\n\n`;
  yield `**${percent(share(figures.right, figures.scope))} right.** ${safe(rightSentence(figures))}\n`;
  for (const { heading, sentence, rows, headed } of parts(figures)) {
    yield `\n### ${heading}\n\n`;
    if (sentence !== "") yield `${safe(sentence)}\n\n`;
    const [first] = rows;
    if (first === undefined) continue;
    yield row(headed ? first : first.map(() => ""));
    yield `|${first.map(() => "---").join("|")}|\n`;
    for (const cells of headed ? rows.slice(1) : rows) yield row(cells);
  }
  yield `\n<sub>${safe(ASSUMPTIONS)}</sub>\n`;
}
