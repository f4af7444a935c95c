import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { Language, Parser, type Node } from "web-tree-sitter";

const require = createRequire(import.meta.url);

/** What a PowerShell script holds, by the grammar of tree-sitter-powershell. */
export interface ParsedScript {
  /** Places that are no PowerShell, as `line:column text`. */
  readonly errors: readonly string[];
  /** Names of the commands it calls, in order, each as often as it stands there. */
  readonly commands: readonly string[];
  /** Literal strings in single quotes, without the quotes. */
  readonly strings: readonly string[];
}

export async function parsePowerShell(text: string): Promise<ParsedScript> {
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(
    await Language.load(await readFile(require.resolve("tree-sitter-powershell/tree-sitter-powershell.wasm"))),
  );
  const root = parser.parse(text)?.rootNode;
  if (root === undefined) throw new Error("the parser gave no tree");
  const all = [...nodesOf(root)];
  return {
    errors: all
      .filter((node) => node.isError || node.isMissing)
      .map(
        ({ startPosition, text: words }) =>
          `${startPosition.row + 1}:${startPosition.column + 1} ${words.slice(0, 40)}`,
      ),
    commands: all.filter(({ type }) => type === "command_name").map((node) => node.text),
    strings: all.filter(({ type }) => type === "verbatim_string_characters").map((node) => node.text.slice(1, -1)),
  };
}

function* nodesOf(node: Node): Generator<Node> {
  yield node;
  for (const child of node.children) if (child !== null) yield* nodesOf(child);
}
