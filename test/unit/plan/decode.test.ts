import { describe, expect, it } from "vitest";
import { checkUser } from "../../../src/compare/rules/index.js";
import { PhotodriftError } from "../../../src/model/errors.js";
import { canonicalJson } from "../../../src/plan/canonical.js";
import { decodeAction, decodeHead, planUser, unreadablePlan } from "../../../src/plan/index.js";
import { anna } from "./people.js";

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof PhotodriftError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "taken";
}

describe("a document that is no plan", () => {
  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a number", 5],
    ["a text", "1.0"],
    ["a list", []],
    ["an object without a version", {}],
    ["a version that is a number", { formatVersion: 2 }],
    ["a version that is null", { formatVersion: null }],
    ["a version of ours and nothing else", { formatVersion: "1.9" }],
  ])("is told as that: %s", (_, value) => {
    expect(refusal(() => decodeHead(value))).toMatch(/^plan-unreadable: This is no plan that can be read: \S/);
  });

  it("of another version is named, however long its version is", () => {
    expect(refusal(() => decodeHead({ formatVersion: "2.0" }))).toBe(
      "plan-version: The plan has format version 2.0; this photodrift reads 1.x.",
    );
    const long = "9".repeat(500);
    expect(refusal(() => decodeHead({ formatVersion: long }))).toContain(`version ${"9".repeat(20)}; this`);
  });

  it("names the first three of its faults, and counts the rest", () => {
    const words = (count: number) => unreadablePlan(Array.from({ length: count }, (_, at) => `p${String(at)}`)).message;
    expect(words(1)).toBe("This is no plan that can be read: p0.");
    expect(words(3)).toBe("This is no plan that can be read: p0; p1; p2.");
    expect(words(5)).toBe("This is no plan that can be read: p0; p1; p2 (and 2 more).");
  });
});

describe("an action that cannot be read", () => {
  const user = anna({ cloud: "absent" });
  const [upload] = planUser(user, checkUser(user));
  if (upload?.action !== "upload-photo") throw new Error("no action");

  it("that is right is taken as it stands", () => {
    expect(decodeAction(structuredClone(upload), 0)).toEqual(upload);
  });

  it("is told with its place, the path in it and what is wrong there", () => {
    const { id: _, ...without } = upload;
    expect(refusal(() => decodeAction(without, 4))).toMatch(/^plan-unreadable: .*actions\[4\].id: is missing/);
    const wrong = { ...upload, after: { ...upload.after, maxBytes: "many" } };
    expect(refusal(() => decodeAction(wrong, 0))).toMatch(
      /actions\[0\]\.after\.maxBytes: expected number, received string/,
    );
    expect(refusal(() => decodeAction(null, 1))).toMatch(/^plan-unreadable: .*actions\[1\]\.\S/);
  });

  it("has room for a line, however long its keys are", () => {
    const message = refusal(() => decodeAction({ ...upload, ["k".repeat(5_000)]: 1 }, 0));
    expect(message).toMatch(/^plan-unreadable/);
    expect(message.length).toBeLessThan(700);
  });

  it("that no audit makes is called edited, counted from one", () => {
    const far = { ...upload, after: { ...upload.after, maxBytes: 1_000_000_000 } };
    expect(refusal(() => decodeAction(far, 2))).toMatch(/^plan-edited: Action 3 of the plan /);
  });
});

describe("what a digest is over", () => {
  it.each<[unknown, string]>([
    [{ b: 1, a: { d: [2, 1], c: null } }, '{"a":{"c":null,"d":[2,1]},"b":1}'],
    [[], "[]"],
    [["b", "a"], '["b","a"]'],
    [{ a: undefined, b: 1 }, '{"b":1}'],
    [[undefined], "[null]"],
    [undefined, "null"],
    ['"', '"\\""'],
  ])("%j has one text", (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });
});
