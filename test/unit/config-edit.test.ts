import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { withCredential } from "../../src/config/index.js";

const EDIT = { kind: "certificate", clientId: "new-id", certificatePath: "./app.pem" } as const;

describe("the credential of a configuration is set without touching the rest", () => {
  it.each([
    [
      "a filled section",
      "a: 1\ncredential:\n  kind: certificate   # k\n  clientId: old   # c\n  certificatePath: ./x.pem\nb: [ 1,2 ]   # b\n",
    ],
    [
      "a section with a secret",
      "credential:\n  kind: client-secret\n  clientId: old\n  clientSecret: ${SECRET}\nb: 2\n",
    ],
    ["a section that lacks keys", "credential:\n    kind: certificate\nb: 2\n"],
    ["an empty section", "a: 1\ncredential:   # fill me\nb: 2\n"],
    ["a null section at the end", "a: 1\ncredential: ~"],
    ["no section", "a: 1\nb: 2\n"],
    ["no section and no last line end", "a: 1"],
    ["a section in braces", "credential: {kind: certificate, clientId: old, clientSecret: x}\nb: 2\n"],
    ["a key without a value", "credential:\n  kind: certificate\n  clientId:\n  certificatePath: ./x.pem\n"],
    [
      "Windows line ends",
      "a: 1\r\ncredential:\r\n  kind: certificate\r\n  clientId: old\r\n  certificatePath: x\r\nb: 2\r\n",
    ],
    ["an empty file", ""],
  ])("%s", (_, text) => {
    const after = withCredential(text, EDIT);
    const value = parse(after) as Record<string, unknown>;
    expect(value["credential"]).toEqual(EDIT);
    const others = { ...(parse(text === "" ? "{}" : text) as Record<string, unknown>) };
    delete others["credential"];
    expect({ ...value, credential: undefined }).toEqual({ ...others, credential: undefined });
    for (const comment of text.match(/#.*/g) ?? []) expect(after).toContain(comment.trimEnd());
    expect(withCredential(after, EDIT)).toBe(after);
  });

  it("leaves every other byte as it was", () => {
    const text =
      "x:   [ 1,2 ]   # odd\ncredential:\n  kind: certificate # a\n  clientId: old\n  certificatePath: ./app.pem\n\n\ny: 'z'";
    expect(withCredential(text, EDIT)).toBe(text.replace("old", "new-id"));
  });
});
