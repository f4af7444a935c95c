import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { describe, expect, it } from "vitest";
import { CHANNEL_KINDS } from "../../src/model/notify.js";
import { REPORT_FORMATS } from "../../src/model/formats.js";
import { RULE_IDS } from "../../src/model/rule.js";

/*
 * The tables that bind a name of `model` to the file that stands behind it. They are made from the folders, so that whoever adds a rule,
 * a format or a channel writes one file and one line: `npx vitest run test/unit/tables.test.ts -u` writes the rest.
 */
const SRC = join(import.meta.dirname, "..", "..", "src");
const HEAD = "// Made from the files of this folder by `npx vitest run test/unit/tables.test.ts -u`.\n";

function filesOf(folder: string): readonly string[] {
  return readdirSync(join(SRC, folder))
    .filter((name) => name.endsWith(".ts") && name !== "table.ts")
    .map((name) => name.slice(0, -3))
    .sort();
}

const keyOf = (name: string): string => (/^[a-z]+$/.test(name) ? name : JSON.stringify(name));
const variableOf = (name: string): string => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** A table of one value a file: `export const <what>` of each, by the file's name. */
function byFileName(folder: string, what: string, table: string, satisfied: readonly string[]): string {
  const files = filesOf(folder);
  const imports = files.map((name) => `import { ${what} as ${variableOf(name)} } from "./${name}.js";\n`).join("");
  const members = files.map((name) => `${keyOf(name)}: ${variableOf(name)}`).join(", ");
  const [type = "", from = ""] = satisfied;
  return `${HEAD}${from}${imports}\nexport const ${table} = { ${members} } satisfies ${type};\n`;
}

/** Every constant of the type `Rule` that a file of the folder exports. */
function ruleTable(): string {
  const rules = filesOf("compare/rules").flatMap((name) => {
    const text = readFileSync(join(SRC, "compare/rules", `${name}.ts`), "utf8");
    return Array.from(text.matchAll(/^export const (\w+): Rule =/gm), ([, rule = ""]) => ({ name, rule }));
  });
  const imports = rules.map(({ name, rule }) => `import { ${rule} } from "./${name}.js";\n`).join("");
  const list = rules.map(({ rule }) => rule).join(", ");
  return `${HEAD}import type { Rule } from "./rule.js";\n${imports}\nexport const RULE_FILES: readonly Rule[] = [${list}];\n`;
}

async function expectFile(file: string, text: string): Promise<void> {
  const pretty = await format(text, { parser: "typescript", printWidth: 120 });
  await expect(pretty).toMatchFileSnapshot(join(SRC, file));
}

describe("the tables of what stands behind a name", () => {
  it("rules: every file of compare/rules", async () => {
    await expectFile("compare/rules/table.ts", ruleTable());
  });

  it("formats: every file of report/formats, and each has its line in the model", async () => {
    const type = [
      "Readonly<Record<ReportFormat, Format>>",
      'import type { ReportFormat } from "../../model/formats.js";\nimport type { Format } from "../format.js";\n',
    ];
    await expectFile("report/formats/table.ts", byFileName("report/formats", "format", "FORMATS", type));
    expect([...REPORT_FORMATS].sort()).toEqual(filesOf("report/formats"));
  });

  it("channels: every file of notify/channels, and each has its line in the model", async () => {
    const type = [
      "{ readonly [Kind in ChannelKind]: Channel<Kind> }",
      'import type { ChannelKind } from "../../model/notify.js";\nimport type { Channel } from "../channel.js";\n',
    ];
    await expectFile("notify/channels/table.ts", byFileName("notify/channels", "channel", "CHANNEL_FILES", type));
    expect([...CHANNEL_KINDS].sort()).toEqual(filesOf("notify/channels"));
  });

  it("every rule of the model has a file that names it", () => {
    const texts = filesOf("compare/rules").map((name) =>
      readFileSync(join(SRC, "compare/rules", `${name}.ts`), "utf8"),
    );
    expect(RULE_IDS.filter((id) => !texts.some((text) => text.includes(`id: "${id}"`)))).toEqual([]);
  });
});
