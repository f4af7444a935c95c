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
    const found = listEntryFinding(entry({ nearest: { upn: "anna@x", because: "one letter away from the UPN" } }));

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
});
