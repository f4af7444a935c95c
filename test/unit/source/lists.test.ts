import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMasterSource } from "../../../src/source/index.js";

let folder = "";
let number = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "photodrift-lists-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function list(content: string | Buffer): Promise<string> {
  const file = join(folder, `list${number++}.csv`);
  await writeFile(file, content);
  return file;
}

async function mapping(content: string | Buffer) {
  return createMasterSource({ folder, recursive: false, mapping: await list(content) }).mapping();
}

async function consent(content: string | Buffer) {
  return createMasterSource({ folder, recursive: false, consent: await list(content) }).consentWithdrawn();
}

function utf16(text: string, order: "le" | "be", mark = true): Buffer {
  const bytes = Buffer.from((mark ? "\uFEFF" : "") + text, "utf16le");
  return order === "le" ? bytes : bytes.swap16();
}

const NO_FOCUS = { focus: null, focusProblem: null };
const ROW = { user: "anna@contoso.com", file: "Müller, Anna.jpg", line: 2, ...NO_FOCUS };

/** `anna@contoso.com;Müller, Anna.jpg` as Excel's plain "CSV" writes it in western Europe; 0x80 is the euro sign. */
const WINDOWS_ROW = Buffer.from("anna@contoso.com;M\xfcller, Anna.jpg\n", "latin1");

describe("mapping file", () => {
  const comma = 'user,file\r\nanna@contoso.com,"Müller, Anna.jpg"\r\n';
  const semicolon = "User;File\nanna@contoso.com;Müller, Anna.jpg\n";
  const tab = "FILE\tUSER\nMüller, Anna.jpg\tanna@contoso.com";

  it.each([
    ["comma", comma],
    ["semicolon", semicolon],
    ["tab, other order, no line end at the end", tab],
    ["UTF-8 with byte order mark", Buffer.from(`\uFEFF${comma}`)],
    ["UTF-16 LE, as Excel writes Unicode text", utf16(tab, "le")],
    ["UTF-16 BE", utf16(semicolon, "be")],
    ["UTF-16 LE without mark", utf16(semicolon, "le", false)],
    ["UTF-16 BE without mark", utf16(semicolon, "be", false)],
    ["other columns around", 'note,user,dept,file\nx,anna@contoso.com,HR,"Müller, Anna.jpg"\n'],
    ["quoted header and spaces", '"user" ; "file"\n anna@contoso.com ; Müller, Anna.jpg \n'],
    ["Windows-1252", Buffer.concat([Buffer.from("User;File;Price \x80\n", "latin1"), WINDOWS_ROW])],
    ["a header with what nobody sees", `\u200BUser\u00AD;\u202AFile\u202C\nanna@contoso.com;Müller, Anna.jpg\n`],
    ["old Mac line ends", "user;file\ranna@contoso.com;Müller, Anna.jpg\r"],
  ])("reads %s", async (_, content) => {
    expect(await mapping(content)).toEqual([ROW]);
  });

  it("takes Excel's sep= line and counts it as a line", async () => {
    expect(await mapping(`sep=;\r\n${semicolon}`)).toEqual([{ ...ROW, line: 3 }]);
  });

  it("counts lines over empty lines and line breaks in cells", async () => {
    const content = 'user,file,note\n\na@x,a.jpg,"two\nlines"\n\nb@x,"b ""x"".jpg",\n';

    expect(await mapping(content)).toEqual([
      { user: "a@x", file: "a.jpg", line: 3, ...NO_FOCUS },
      { user: "b@x", file: 'b "x".jpg', line: 6, ...NO_FOCUS },
    ]);
  });

  it("keeps one of two equal rows", async () => {
    expect(await mapping("user,file\na@x,a.jpg\nA@X,a.jpg\na@x,b.jpg\n")).toHaveLength(2);
  });

  it("keeps rows with an empty cell, so that they are told", async () => {
    expect(await mapping("user,file\n,a.jpg\nb@x,\nc@x\n")).toMatchObject([
      { user: "", file: "a.jpg", line: 2 },
      { user: "b@x", file: "", line: 3 },
      { user: "c@x", file: "", line: 4 },
    ]);
  });

  it("makes absolute paths below the source folder relative, and leaves others as they are", async () => {
    const inside = join(folder, "hr", "a.jpg");
    const rows = await mapping(`user,file\na@x,${inside}\nb@x,${folder}x/b.jpg\nc@x,/c.jpg\nd@x,${folder}/../d.jpg\n`);

    expect(rows?.map(({ file }) => file)).toEqual(["hr/a.jpg", `${folder}x/b.jpg`, "/c.jpg", `${folder}/../d.jpg`]);
  });

  it("says whose master a file was that went into the archive, whatever the spelling of its path", async () => {
    const archive = await mkdtemp(join(folder, "archive-"));
    const head = "archivedAt,user,file,archivedAs,sha256,bytes\r\n";
    const rows = `2026,anna@x,hr/A.jpg,hr/A.jpg,00,1\r\n2026,b@x,'=b.jpg,'=b.jpg,00,1\r\n2026,"torn\r\n`;
    const read = async () =>
      createMasterSource({
        folder,
        recursive: false,
        archive,
        mapping: await list("user,file\na@x,.\\hr\\a.JPG\nb@x,=b.jpg\nc@x,c.jpg\n"),
      }).mapping();

    expect((await read())?.map(({ archivedFor }) => archivedFor)).toEqual([undefined, undefined, undefined]);
    await writeFile(join(archive, "manifest.csv"), head + rows);
    expect((await read())?.map(({ archivedFor }) => archivedFor)).toEqual([["anna@x"], ["b@x"], undefined]);
  });

  it("is null when there is none", async () => {
    expect(await createMasterSource({ folder, recursive: false }).mapping()).toBeNull();
  });

  it.each([
    ["no header", "anna@contoso.com,a.jpg\n", /:1 .*no column "user"; found "anna@contoso.com", "a.jpg"/],
    ["a header without file", "user,photo\na,b\n", /:1 .*no column "file"/],
    ["a column twice", "user,file,user\na,b,c\n", /:1 .*"user" stands there twice/],
    ["an empty file", "", /it is empty/],
    ["an open quote", 'user,file\na@x,a.jpg\nb@x,"b.jpg\nc@x,c.jpg\n', /:3 .*never closed/],
    ["a stray quote", 'user,file\na@x,a"b.jpg\n', /:2 .*quote stands in the middle/],
    [
      "UTF-8 that broke off",
      Buffer.from("user,file\na@x,Ä.jpg\nb@x,M\xc3", "utf8").subarray(0, -1),
      /not UTF-8 text \(line 3\)/,
    ],
    [
      "UTF-8 with a line of Windows-1252",
      Buffer.concat([Buffer.from("user,file\na@x,Ä.jpg\n"), WINDOWS_ROW]),
      /not UTF-8 text \(line 3\)/,
    ],
    ["bytes that are no text", Buffer.from("user,file\na@x,\x00\xff\x81.jpg\n", "latin1"), /not UTF-8 text \(line 2\)/],
  ])("refuses %s and names file, line and cure", async (_, content, message) => {
    const error = await mapping(content).catch((reason: unknown) => reason);

    expect(error).toMatchObject({ name: "PhotodriftError", code: "bad-list", errorClass: "usage" });
    expect((error as Error).message).toMatch(message);
    expect((error as { hint: string }).hint).not.toBe("");
  });

  it("refuses a list that is not there", async () => {
    const source = createMasterSource({ folder, recursive: false, mapping: join(folder, "none.csv") });

    await expect(source.mapping()).rejects.toThrow(/source\.mapping.*does not exist/);
  });
});

describe("the column focus", () => {
  it.each([
    ['"50,40"', { x: 50, y: 40 }],
    ['" 12.5 % , 0% "', { x: 12.5, y: 0 }],
    ["100;0", { x: 100, y: 0 }],
    ["", null],
    ['""', null],
  ])("reads %s", async (cell, focus) => {
    const [row] = (await mapping(`user,file,focus\na@x,a.jpg,${cell}\n`)) ?? [];

    expect(row).toMatchObject({ focus, focusProblem: null });
  });

  it("reads it from a list with semicolons, unquoted", async () => {
    const [row] = (await mapping("File;Focus;User\na.jpg;33,66.6;a@x\n")) ?? [];

    expect(row).toMatchObject({ user: "a@x", focus: { x: 33, y: 66.6 }, focusProblem: null });
  });

  it.each([
    ["the comma parts the columns", "50,40", /not "x,y" in percent.*quotes/],
    ["a word", "middle", /"middle" is not "x,y"/],
    ["three numbers", '"1,2,3"', /is not "x,y"/],
    ["a negative number", '"-1,50"', /is not "x,y"/],
    ["beyond the picture", '"50,101"', /lies outside/],
    ["no number", '"NaN,Infinity"', /is not "x,y"/],
  ])("tells what is wrong: %s", async (_, cell, problem) => {
    const [row] = (await mapping(`user,file,focus\na@x,a.jpg,${cell}\n`)) ?? [];

    expect(row).toMatchObject({ user: "a@x", file: "a.jpg", focus: null });
    expect(row?.focusProblem).toMatch(problem);
  });
});

/** Every line end that a file may mix: Windows, Unix, old Mac. */
const LINE_ENDS = ["\r\n", "\n", "\r"];

describe("line ends that differ within a list", () => {
  const pairs = LINE_ENDS.flatMap((first) => LINE_ENDS.map((then) => [first, then] as const));

  it.each(pairs.map(([first, then]) => [JSON.stringify(first + then), first, then]))(
    "%s: no row is lost, and each has its line",
    async (_, first, then) => {
      const text = ["user", "a@x", "", "b@x", '"c@x', 'c2@x"', "d@x"].join(first) + then + ["e@x", "f@x"].join(then);

      expect((await consent(text)).map(({ user, line }) => [user.replace(/[\r\n]+/, "|"), line])).toEqual([
        ["a@x", 2],
        ["b@x", 4],
        ["c@x|c2@x", 5],
        ["d@x", 7],
        ["e@x", 8],
        ["f@x", 9],
      ]);
    },
  );

  it("leaves every row and its line as it is, however they are mixed (property)", async () => {
    const cell = fc.constantFrom("a@x", " b@x ", '"c@x"', '"d\nd@x"', '"\ne@x\n\n"', "", "  ");
    const ends = fc.array(fc.constantFrom(...LINE_ENDS), { minLength: 30, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { maxLength: 12 }), ends, async (cells, mixed) => {
        let at = 0;
        const text = ["user", ...cells, ""].join("\n").replaceAll("\n", () => mixed[at++] ?? "\n");
        const rowsOf = (rows: Awaited<ReturnType<typeof consent>>) =>
          rows.map(({ user, line }) => [user.replace(/\r\n?/g, "\n"), line]);
        const plain = text.replace(/\r\n?/g, "\n");
        expect(rowsOf(await consent(text))).toEqual(rowsOf(await consent(plain)));
        const lines = plain.split("\n");
        for (const [user, line] of rowsOf(await consent(text)))
          expect(lines.slice(Number(line) - 1).join("\n")).toMatch(new RegExp(`^ *"?${String(user)}`));
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ["an open quote", (end: string) => `user,file${end}a@x,"a${end}a.jpg"${end}b@x,"b.jpg${end}c@x,c.jpg${end}`, 4],
    ["a stray quote", (end: string) => `user,file${end}a@x,"a${end}a.jpg"${end}b@x,b"b.jpg${end}`, 4],
    ["after sep=", (end: string) => `sep=,${end}user,file${end}b@x,b"b.jpg${end}`, 3],
    ["damaged text", (end: string) => Buffer.concat([Buffer.from(`user,file${end}Ä@x,b${end}`), WINDOWS_ROW]), 3],
  ])("tells the line of %s for each of them", async (_, textWith, line) => {
    for (const end of LINE_ENDS) {
      await expect(mapping(textWith(end)), JSON.stringify(end)).rejects.toThrow(
        new RegExp(`csv:${line} |\\(line ${line}\\)`),
      );
    }
  });
});

describe("cells beyond the columns of the header", () => {
  it.each([
    ["beyond it", "user\na@x,b@x\n", ["b@x"]],
    ["after an empty one", "user,note\na@x,,,b@x\n", ["b@x"]],
    ["under columns without a name, as a spreadsheet fills them up", "user;;\na@x;b@x;c@x\n", ["b@x", "c@x"]],
    ["an address under a column without a name within the header", "user,,date\na@x,b@x,2026\n", ["b@x"]],
    ["in quotes", 'user\na@x,"b@x; c@x"\n', ["b@x; c@x"]],
    ["empty ones do not count", "user;note\na@x;;; ;\n", undefined],
    ["a number under a column without a name within the header", ",user\n0,a@x\n", undefined],
    ["in a column with a name", "user,note\na@x,b@x\n", undefined],
  ])("are kept: %s", async (_, text, beyond) => {
    const [row] = await consent(text);

    expect(row?.user).toBe("a@x");
    expect(row?.beyond).toEqual(beyond);
  });

  it("are kept in the mapping", async () => {
    expect(await mapping("user,file\na@x,Müller, Anna.jpg\n")).toMatchObject([
      { file: "Müller", beyond: ["Anna.jpg"] },
    ]);
  });
});

describe("any list that a spreadsheet writes", () => {
  it("is read back cell by cell, whatever delimiter, line end and encoding", async () => {
    const cell = fc
      .string({ unit: fc.constantFrom("a", "é", "山", ",", ";", "\t", '"', "'", " ", "\n", "@", "="), maxLength: 8 })
      .map((text) => `x${text}x`);
    const dialect = fc.record({
      delimiter: fc.constantFrom(",", ";", "\t"),
      record_delimiter: fc.constantFrom("\n", "\r\n"),
      bom: fc.boolean(),
    });
    const rows = fc.uniqueArray(fc.tuple(cell, cell), { maxLength: 8, selector: ([user, file]) => `${user}/${file}` });
    await fc.assert(
      fc.asyncProperty(rows, dialect, fc.constantFrom("utf8", "le", "be"), async (table, how, encoding) => {
        // Spreadsheets quote a cell with any line break; this writer by itself only one with the line end of the file.
        const text = stringify([["User", "File"], ...table], { ...how, quoted_match: /[\r\n]/ });
        const read = await mapping(encoding === "utf8" ? text : utf16(text.replace("\uFEFF", ""), encoding));
        expect(read?.map(({ user, file }) => [user, file])).toEqual(table);
      }),
      { numRuns: 150 },
    );
  });

  it("gives rows or one clear error for any bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
        const content = Buffer.concat([Buffer.from("user,file\n"), bytes]);
        const result = await mapping(content).catch((error: unknown) => error);
        if (!Array.isArray(result)) expect(result).toMatchObject({ code: "bad-list", errorClass: "usage" });
      }),
      { numRuns: 300 },
    );
  });
});

describe("lists of people", () => {
  it("gives the cells as they are, with their lines", async () => {
    expect(await consent("USER\r\nAnna@Contoso.com\r\n4711\r\n")).toEqual([
      { user: "Anna@Contoso.com", line: 2 },
      { user: "4711", line: 3 },
    ]);
  });

  it("keeps a row whose cell is empty beside others", async () => {
    expect(await consent("name,user\nAnna,\n,\nBernd,b@x\n")).toEqual([
      { user: "", line: 2 },
      { user: "b@x", line: 4 },
    ]);
  });

  it("takes a header alone for nobody", async () => {
    expect(await consent("user\n")).toEqual([]);
  });

  it("never takes a list cut off by a crash for a shorter one", async () => {
    await expect(consent("")).rejects.toMatchObject({ code: "bad-list" });
  });

  it("reads pins the same way and is empty without a file", async () => {
    const pins = await list("user\nboss@contoso.com\n");

    expect(await createMasterSource({ folder, recursive: false, pins }).pinned()).toEqual([
      { user: "boss@contoso.com", line: 2 },
    ]);
    expect(await createMasterSource({ folder, recursive: false }).pinned()).toEqual([]);
  });

  it("names the files from the configuration's folder", () => {
    const pins = join(folder, "lists", "pins.csv");
    const { listFiles } = createMasterSource({ folder, recursive: false, pins, base: folder });

    expect(listFiles).toEqual({ consent: "", pins: "lists/pins.csv", mapping: "" });
  });
});
