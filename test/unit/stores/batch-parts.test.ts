import { describe, expect, it } from "vitest";
import { partsById } from "../../../src/stores/answers/batch.js";

const SENT = new Set(["1", "2"]);

/** The one part of a batch, as it was read: its body as text, or why it was not. */
function bodyOf(body: unknown, type?: string): string {
  const headers = type === undefined ? undefined : { "Content-Type": type };
  const reading = partsById([{ id: "1", status: 200, headers, body }], SENT).get("1");
  return reading?.kind === "read" ? reading.value.body.toString() : (reading?.because ?? "missing");
}

// Bodies as learn.microsoft.com/graph/json-batching has them: JSON as JSON, everything else as base64.
describe("the parts of a batch", () => {
  it.each<[string, unknown, string | undefined, string]>([
    ["nothing", undefined, "application/json", ""],
    ["null", null, "application/json", ""],
    ["an object", { a: 1 }, "application/json", '{"a":1}'],
    ["an object without a type", { a: 1 }, undefined, '{"a":1}'],
    ["a text where the type says JSON", "{}", "application/json;odata=x", '"{}"'],
    ["a text by its type", "2", "text/plain", "2"],
    ["a type that only ends as a text's", "QQ==", "image/text/", "A"],
    ["base64", "QUI=", "image/jpeg", "AB"],
    ["base64 without a type", "QUI=", undefined, "AB"],
    ["base64 with a line's end", "QUI=\r\n", "image/jpeg", "AB"],
    ["base64 of the URL alphabet", "-_8=", "image/jpeg", Buffer.from([0xfb, 0xff]).toString()],
    ["a page where a picture was asked for", "<html>", "image/jpeg", "its part of the batch is no base64"],
    ["words behind base64", "QUI= no", "image/jpeg", "its part of the batch is no base64"],
    ["words before base64", "no, QUI=", "image/jpeg", "its part of the batch is no base64"],
  ])("%s", (_, body, type, wanted) => {
    expect(bodyOf(body, type)).toBe(wanted);
  });

  it("headers are texts, by names in lower case", () => {
    const headers = { "Retry-After": 10, ETag: '"1"', Odd: { a: 1 }, Gone: null };
    const reading = partsById([{ id: "1", status: 429, headers }], SENT).get("1");
    expect(reading).toMatchObject({
      kind: "read",
      value: { status: 429, headers: { "retry-after": "10", etag: '"1"' } },
    });
    expect(reading?.kind === "read" ? Object.keys(reading.value.headers) : []).toEqual(["retry-after", "etag"]);
  });

  it("a part that nobody sent, that has no text for an id, or that is none is nobody's", () => {
    const parts = partsById([{ id: "9", status: 200 }, { id: 1, status: 200 }, { status: 200 }, "x", null], SENT);
    expect([...parts.keys()]).toEqual([]);
  });

  it("a part that came twice proves nothing, and the other is read all the same", () => {
    const parts = partsById(
      [
        { id: "1", status: 200 },
        { id: "2", status: 404 },
        { id: "1", status: 200 },
      ],
      SENT,
    );
    expect(parts.get("1")).toEqual({ kind: "not-read", because: "its part of the batch was answered twice" });
    expect(parts.get("2")).toMatchObject({ kind: "read", value: { status: 404 } });
  });

  it.each([undefined, "200", 99, 600, 200.5])("a status of %j is none", (status) => {
    expect(partsById([{ id: "1", status }], SENT).get("1")).toEqual({
      kind: "not-read",
      because: "its part of the batch has no status",
    });
  });

  it.each([100, 599])("a status of %j is one", (status) => {
    expect(partsById([{ id: "1", status }], SENT).get("1")?.kind).toBe("read");
  });
});
