import { describe, expect, it } from "vitest";
import type { PlanAction } from "../../../src/model/plan-action.js";
import { createStoreGate } from "../../../src/run/applying/store-gate.js";
import { asStoreError, httpFailure } from "../../../src/stores/http/failures.js";

const REQUEST = {
  service: "sharepoint",
  method: "POST",
  url: "https://contoso-my.sharepoint.com/_api/web",
  headers: {},
  asks: "write a thumbnail",
  purpose: "write",
  repeat: "if-refused",
} as const;

describe("a site without room", () => {
  /** 507 "The maximum storage quota has been reached" (learn.microsoft.com/graph/errors). */
  it("is told as what it is, and left alone after three refusals: nothing was stored, and asking again does not help", () => {
    const failure = httpFailure(REQUEST, { status: 507, headers: {}, body: Buffer.from("{}") });
    expect(failure).toMatchObject({ code: "storage-full", errorClass: "failed" });
    expect(failure.hint).toMatch(/quota/);
    const gate = createStoreGate();
    const action = { action: "write-thumbnail" } as PlanAction;
    for (let time = 1; time <= 3; time++) gate.failed(action, asStoreError(failure));
    expect(gate.closed(action)).toMatchObject({ code: "storage-full" });
  });
});
