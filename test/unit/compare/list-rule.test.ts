import { describe, expect, it } from "vitest";
import { listEntryFinding } from "../../../src/compare/rules/lists.js";
import type { ListEntry, RowProblem } from "../../../src/model/list.js";

function entry(part: Partial<ListEntry> = {}, problem: Partial<RowProblem> = {}): ListEntry {
  const nobody: RowProblem = {
    line: 2,
    kind: "no-user",
    entry: "ana@x",
    upns: [],
    message: '"ana@x" names no user of the tenant',
  };
  return {
    list: "consent",
    file: "lists/out.csv",
    line: 2,
    problems: [{ ...nobody, ...problem }],
    nearest: null,
    ...part,
  };
}

describe("list-entry-without-user", () => {
  it("stands at file and line, without a user, and is an error on the consent list alone", () => {
    expect(listEntryFinding(entry())).toMatchObject({
      address: "source/lists/out.csv:2",
      user: null,
      severity: "error",
      drift: false,
    });
    expect(listEntryFinding(entry({ list: "pins" })).severity).toBe("warning");
    expect(listEntryFinding(entry({ list: "mapping" })).severity).toBe("warning");
  });

  it("names the nearest user, and what follows from the row", () => {
    const nearest = { upn: "anna@x", because: "one letter away from the UPN" };
    const found = listEntryFinding(entry({ nearest }, { nearest }));

    expect(found.summary).toBe(
      'lists/out.csv:2 (consent list): "ana@x" names no user of the tenant (did you mean anna@x?); whoever it means is not protected: a photo of theirs may be uploaded.',
    );
    expect(found.actual).toMatchObject({ list: "consent", line: 2, entry: "ana@x", nearest: "anna@x", upn: null });
    expect(found.remedy).toMatchObject({
      kind: "manual",
      actions: [],
      cure: expect.stringContaining("Write anna@x") as string,
    });
  });

  it("names the user that a row about a file concerns", () => {
    const found = listEntryFinding(
      entry({ list: "mapping" }, { kind: "no-file", upns: ["anna@x"], cure: "Write a path." }),
    );

    expect(found.actual).toMatchObject({ upn: "anna@x" });
    expect(found.remedy.cure).toBe("Write a path.");
  });

  it("names all users of a row that fits several", () => {
    const found = listEntryFinding(entry({}, { kind: "several-users", upns: ["a@x", "b@x"] }));

    expect(found.actual).toMatchObject({ upn: null, upns: ["a@x", "b@x"] });
    expect(found.remedy.cure).toMatch(/object id/);
  });

  it("tells everything that is wrong with a row, and what follows where one of it names nobody", () => {
    const missing = {
      line: 2,
      kind: "no-file",
      entry: "a.jpg",
      upns: [],
      message: "a.jpg is not there",
      cure: "Add it.",
    };
    const nobody = { line: 2, kind: "no-user", entry: "ana@x", upns: [], message: '"ana@x" names nobody' };
    const both = listEntryFinding(entry({ list: "mapping", problems: [missing, nobody] as readonly RowProblem[] }));

    expect(both.expected).toEqual({ user: "one user", file: "an image of the source folder" });
    expect(both.actual).toEqual({
      list: "mapping",
      file: "lists/out.csv",
      line: 2,
      entry: "a.jpg",
      problems: ["a.jpg is not there", '"ana@x" names nobody'],
      upn: null,
      nearest: null,
    });
    expect(both.summary).toBe(
      'lists/out.csv:2 (mapping): a.jpg is not there; "ana@x" names nobody; the row is not followed.',
    );
    expect(both.remedy.cure).toMatch(/^Add it\. Write the user's UPN/);

    const fileOnly = listEntryFinding(entry({ list: "mapping", problems: [missing] as readonly RowProblem[] }));
    expect(fileOnly.summary).toBe("lists/out.csv:2 (mapping): a.jpg is not there.");
  });

  it("a list of people wants one user and no file, and says why the nearest is near", () => {
    const found = listEntryFinding(entry({ nearest: { upn: "anna@x", because: "one letter away" } }));
    expect(found.expected).toEqual({ user: "one user" });
    expect(found.actual["nearestBecause"]).toBe("one letter away");
  });

  it("a problem without a cure adds none", () => {
    const found = listEntryFinding(entry({ list: "mapping" }, { kind: "no-file", upns: [], message: "gone" }));
    expect(found.remedy.cure).toBe("");
  });
});
