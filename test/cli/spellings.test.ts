import { describe, expect, it, vi } from "vitest";
import { COMMAND_NAMES, commandLine, knownFlags } from "../../src/cli/line/command-line.js";
import { EXAMPLES } from "../../src/cli/line/examples.js";
import type { KnownFlag } from "../../src/cli/line/flags.js";
import { fileOf } from "../../src/cli/line/globals.js";
import { readLine, spelledOut } from "../../src/cli/line/typed-line.js";
import { outputsOf, requireOwnFiles } from "../../src/cli/terminal/outputs.js";
import { PhotodriftError } from "../../src/model/errors.js";

/** What the words are refused with; null where they are read. */
async function refusal(...argv: readonly string[]): Promise<PhotodriftError | null> {
  try {
    const line = await readLine(argv);
    if (line !== null) outputsOf(line.flags);
    return null;
  } catch (error) {
    if (!(error instanceof PhotodriftError)) throw error;
    expect(error.errorClass).toBe("usage");
    expect(error.hint).not.toBe("");
    return error;
  }
}

/** Every flag of every command under each of its names, read off the definitions. */
const FLAGS: readonly (readonly [command: string, spelled: string, flag: KnownFlag])[] = (
  await Promise.all(
    COMMAND_NAMES.map(async (command) =>
      [...(await knownFlags(command))]
        .filter(([, { name }]) => name !== "help" && name !== "version")
        .map(([spelling, flag]) => [command, `${spelling.length > 1 ? "--" : "-"}${spelling}`, flag] as const),
    ),
  )
).flat();

const SWITCHES = FLAGS.filter(([, , { kind }]) => kind === "switch");
const VALUES = FLAGS.filter(([, , { kind }]) => kind !== "switch");

describe("every flag of every command", () => {
  it("is among the tables", () => {
    expect(FLAGS.length).toBeGreaterThan(200);
    expect(new Set(FLAGS.map(([command]) => command)).size).toBe(COMMAND_NAMES.length);
  });

  it.each(FLAGS.filter(([, , { kind }]) => kind !== "list"))(
    "%s %s: given twice is refused",
    async (command, spelled, flag) => {
      const value = flag.kind === "switch" ? [] : ["1"];
      const long = flag.kind === "switch" ? `--${flag.name}=false` : `--${flag.name}=2`;
      // A switch that is set twice the same way contradicts nothing.
      const alike = flag.kind === "switch" ? [] : [[spelled, ...value]];
      if (flag.kind === "switch") {
        const { flags } = (await readLine([command, spelled, spelled])) ?? { flags: [] };
        expect(flags.filter(({ name }) => name === flag.name)).toHaveLength(1);
      }
      for (const again of [...alike, [long]]) {
        expect(await refusal(command, spelled, ...value, ...again)).toMatchObject({
          message: `--${flag.name} is given twice.`,
        });
      }
    },
  );

  it.each(VALUES)("%s %s: without a value, or with an empty one, is refused", async (command, spelled, { name }) => {
    const empty = [[spelled], [`${spelled}=`], [spelled, ""], [spelled, "--quiet"], [spelled, "--", "x"]];
    for (const words of empty) {
      const refused = await refusal(command, ...words);
      expect(refused?.message).toBe(`${spelled} needs a value.`);
      expect(refused?.hint).not.toContain(`--${name}`);
    }
  });

  it.each(SWITCHES)("%s %s: takes true, false and nothing else", async (command, spelled, { name }) => {
    for (const value of ["1", "yes", "on", "", "TRUE"])
      expect((await refusal(command, `${spelled}=${value}`))?.message).toBe(`${spelled} does not take "${value}".`);
    expect((await refusal(command, `--no-${name}=x`))?.message).toBe(`--no-${name} does not take "x".`);
    const off = { flags: [{ name, value: "false" }] };
    for (const words of [[`${spelled}=false`], [spelled, "false"], [`--no-${name}`]])
      expect(await readLine([command, ...words])).toMatchObject(off);
  });

  it.each(FLAGS)("%s %s: no cure names what was typed", async (command, spelled, { name, kind }) => {
    const typed = [
      `--${name}x`,
      `--${name}.x`,
      `--no-${name}x`,
      ...(kind === "switch" ? [] : [`--no-${name}`, spelled]),
    ];
    for (const word of typed) {
      const refused = await refusal(command, word);
      expect(refused?.message).toContain(word);
      expect(`${refused?.hint ?? ""} `).not.toMatch(new RegExp(`\\s${word.replaceAll(".", "\\.")}[\\s?]`));
    }
  });
});

describe("--format and --output make pairs however they are spelled", () => {
  const JSON_FILE = [{ format: "json", file: "x.json" }];
  const JSON_OUT = [{ format: "json", file: null }];

  it.each([
    ["--format json --output x.json", JSON_FILE],
    ["--format=json --output=x.json", JSON_FILE],
    ["-f json -o x.json", JSON_FILE],
    ["-f=json -o=x.json", JSON_FILE],
    ["-fjson -ox.json", JSON_FILE],
    ["-qf json -vo x.json", JSON_FILE],
    ["-qf=json -vo=x.json", JSON_FILE],
    ["-qfjson", JSON_OUT],
    ["-qo x.json", JSON_FILE],
    ["-o./x.json", [{ format: "json", file: "./x.json" }]],
    ["-o/tmp/x.json", [{ format: "json", file: "/tmp/x.json" }]],
    ["-o=./x.json", [{ format: "json", file: "./x.json" }]],
    ["--output -", null],
    ["-f text -o -x.json", null],
    ["--output=-x.json", [{ format: "json", file: "-x.json" }]],
    ["--format JSON", JSON_OUT],
    ["-qf json -f csv -o x.csv", [...JSON_OUT, { format: "csv", file: "x.csv" }]],
    ["--no-format", null],
    ["--no-output", null],
    ["--format.x json", null],
    ["-f.x json", null],
    ["-fq json", null],
    ["-format json", null],
    ["---format json", null],
    ["--format json --output x.json --format csv --output ./x.json", null],
    ["--format json --output a/../x.json -f csv -o x.json", null],
    ["-o x.json -o x.json", null],
    ["-f json -f csv", null],
  ])("audit %s", async (words, outputs) => {
    const argv = ["audit", ...words.split(" ")];
    if (outputs === null) expect(await refusal(...argv)).not.toBeNull();
    else expect(outputsOf((await readLine(argv))?.flags ?? [])).toEqual(outputs);
  });

  it("and no result goes into the file of another flag", () => {
    const outputs = [{ format: "json", file: "a/../plan.json" }] as const;
    expect(() => requireOwnFiles(outputs, [{ flag: "--plan", file: "./plan.json" }])).toThrow("is the file of --plan");
    expect(() => requireOwnFiles(outputs, [{ flag: "--plan", file: "./b/plan.json" }])).not.toThrow();
  });
});

describe("words", () => {
  it.each([
    [
      ["explain", "--", "ann@contoso.com"],
      ["explain", "ann@contoso.com"],
    ],
    [
      ["--", "explain", "ann@contoso.com"],
      ["explain", "ann@contoso.com"],
    ],
    [
      ["explain", "ann@contoso.com", "--"],
      ["explain", "ann@contoso.com"],
    ],
    [
      ["-q", "--config", "audit", "explain", "ann@contoso.com"],
      ["explain", "ann@contoso.com"],
    ],
    [
      ["-qf", "json", "explain", "-5"],
      ["explain", "-5"],
    ],
    [["--user", "ann@contoso.com", "audit"], ["audit"]],
  ])("%j", async (argv, words) => {
    expect((await readLine(argv))?.words).toEqual(words);
  });

  it.each([
    [["apply", "--", "--user", "x"], '"--user" stands behind --'],
    [["audit", "--", "-q"], '"-q" stands behind --'],
    [["apply", ""], "apply does not know what to do with an empty word."],
    [["export", "--", ""], "export does not know what to do with an empty word."],
    [["apply", "a.json", "--plan", "b.json"], "--plan is given twice."],
    [["schedule", "list", "a", "--name", "b"], "--name is given twice."],
  ])("%j is refused", async (argv, message) => {
    expect((await refusal(...argv))?.message).toContain(message);
  });

  // The parser of the line would make an empty word of it: the newest run, or this folder.
  it.each(COMMAND_NAMES)("a lone hyphen is nothing that %s could mean", async (name) => {
    for (const line of [
      [name, "-"],
      [name, "--", "-"],
      [name, "--quiet", "-", "x"],
    ]) {
      const refused = await refusal(...line);
      expect(refused?.message).toBe(`${name} does not know what to do with "-".`);
      expect(refused?.hint).toContain("./-");
    }
  });

  it("values keep their quotes, hyphens and truth", async () => {
    for (const value of ["'a'", '"a"', "-a", "--user", "true", "1", "a b", "a=b", "é"]) {
      const line = await readLine(["audit", `--user=${value}`]);
      expect(await parsed(spelledOut(line ?? { words: [], flags: [] }))).toMatchObject({ user: [value] });
    }
  });
});

/** The flags as the command gets them. */
async function parsed(argv: readonly string[]): Promise<unknown> {
  let flags: unknown = null;
  await commandLine(argv, 80, (chosen) => (flags = chosen.flags))
    .fail((message: string | null, error: Error | undefined) => {
      throw error ?? new Error(message ?? "");
    })
    .parse();
  return flags;
}

/** The words of a line of our examples as a shell gives them: its own parts of the line are left out, a ~ is the home. */
function wordsOf(line: string): readonly string[] {
  const own = /photodrift ([^|)]*)/.exec(line)?.[1] ?? "";
  return own
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/^~(?=\/)/, "/home/anna"));
}

describe("every example of every help can be typed", () => {
  it.each(Object.values(EXAMPLES).flatMap(({ lines }) => lines.map(([line]) => [line])))("%s", async (line) => {
    const read = await readLine(wordsOf(line));
    expect(await parsed(spelledOut(read ?? { words: [], flags: [] }))).not.toBeNull();
    expect(() => outputsOf(read?.words[1] === "export" ? [] : (read?.flags ?? []))).not.toThrow();
  });
});

it("a variable that names a file and is empty counts as not set", () => {
  for (const [value, file] of [
    ["", "./photodrift.yaml"],
    ["b.yaml", "b.yaml"],
  ] as const) {
    vi.stubEnv("PHOTODRIFT_CONFIG", value);
    expect(fileOf("PHOTODRIFT_CONFIG", "./photodrift.yaml")).toBe(file);
  }
  vi.unstubAllEnvs();
});
