import { describe, expect, it } from "vitest";
import { ACTION_KINDS, CAUSES, RULE_IDS, RULE_WORDS } from "../../../src/model/rule.js";
import { groupedSentence } from "../../../src/report/grouped.js";
import { causeSentence, remedySentence } from "../../../src/report/sentences.js";
import { verdictWords } from "../../../src/report/wording.js";
import { EMPTY_SUMMARY, type RunHead } from "../../../src/model/run.js";

const KINDS = ["automatic", "when-named", "manual", "waits", "none"] as const;
const EVERY = RULE_IDS.flatMap((rule) =>
  KINDS.map((kind) => ({ rule, kind, said: remedySentence({ rule, remedy: { kind, actions: ACTION_KINDS } }) })),
);

describe("sentences for people", () => {
  it("tell every remedy without the ids of actions", () => {
    for (const { said } of EVERY) {
      expect(said).toMatch(/^(?:[A-Z]|photodrift ).*\.$/);
      expect(said).not.toMatch(new RegExp(ACTION_KINDS.join("|")));
    }
  });

  it("tell every rule in words, and every cause as a sentence", () => {
    for (const rule of RULE_IDS) expect(RULE_WORDS[rule]).not.toBe("");
    for (const cause of CAUSES) expect(causeSentence(cause)).toMatch(/^$|^(?:[A-Z]|photodrift ).*\.$/);
  });
});

describe("thumbnails told as one", () => {
  const said = (size: string, rest: string) => `SharePoint's ${size} thumbnail ${rest}`;
  it.each([
    [[said("L", "is old.")], "SharePoint's L thumbnail is old."],
    [
      [said("L", "is old."), said("M", "is old."), said("S", "is old.")],
      "Each of SharePoint's L, M and S thumbnails is old.",
    ],
    [
      [said("L", "is old."), said("S", "is blank.")],
      "SharePoint's L thumbnail is old. SharePoint's S thumbnail is blank.",
    ],
    [
      [`Pinned: ${said("L", "is old.")}`, `Pinned: ${said("M", "is old.")}`],
      "Pinned: each of SharePoint's L and M thumbnails is old.",
    ],
    [["a_LThumb.jpg is nobody's.", "a_MThumb.jpg is nobody's."], "a_LThumb.jpg is nobody's. a_MThumb.jpg is nobody's."],
    [["The same.", "The same."], "The same."],
  ])("%j", (summaries, one) => {
    expect(groupedSentence(summaries)).toBe(one);
  });
});

describe("an undo", () => {
  it.each([
    [0, "3 writes taken back; "],
    [1, "3 writes taken back, 1 picture in other bytes than before, encoded anew by the service; "],
    [2, "3 writes taken back, 2 pictures in other bytes than before, encoded anew by the service; "],
  ])("says how many pictures came back in other bytes: %i", (encodedAnew, beginning) => {
    const run = { mode: "undo", verdict: "restored" } as RunHead;
    const { title, sentence } = verdictWords(run, EMPTY_SUMMARY, {
      rules: [],
      outcomes: new Map([["applied", 3]]),
      encodedAnew,
    });
    expect(title).toBe("Restored");
    expect(sentence.startsWith(beginning)).toBe(true);
  });
});

describe("an audit without drift", () => {
  it.each([
    [0, [], "no user was in scope: check the scope section of the configuration"],
    [1, [], "the photos of the one user in scope are as wanted"],
    [2, [], "the photos of all 2 users in scope are as wanted"],
    [1, ["--user"], "the photos of the one user in scope are as wanted, as far as this run looked: --user"],
  ])("speaks of %i users, narrowed to %j", (usersInScope, narrowedTo, said) => {
    const run = { mode: "audit", verdict: "in-sync" } as RunHead;
    const found = { rules: [], outcomes: new Map(), encodedAnew: 0 };
    expect(verdictWords(run, { ...EMPTY_SUMMARY, usersInScope, narrowedTo }, found).sentence).toBe(said);
  });
});
