import { describe, expect, it } from "vitest";
import { lifeProbe } from "../../src/cli/doctor/certificate.js";
import { caseProbe } from "../../src/cli/doctor/machine.js";
import { headroomProbe } from "../../src/stores/preflight.js";
import { clockProbe } from "../../src/stores/preflight-network.js";

const DAY = 86_400_000;
const NOW = Date.parse("2026-11-25T08:00:00Z");
const level = ({ ok, warning }: { readonly ok: boolean; readonly warning?: boolean }) =>
  ok ? (warning === true ? "warning" : "ok") : "fail";

describe("days until the certificate ends", () => {
  it.each([
    [365, "ok"],
    [30, "ok"],
    [29.9, "warning"],
    [1, "warning"],
    [0, "fail"],
    [-5, "fail"],
  ])("%s days: %s", (days, wanted) => {
    expect(level(lifeProbe(NOW - 100 * DAY, NOW + days * DAY, NOW))).toBe(wanted);
  });
  it("one that begins in the future fails", () => {
    expect(level(lifeProbe(NOW + DAY, NOW + 9 * DAY, NOW))).toBe("fail");
  });
});

describe("clock skew from the Date header", () => {
  it.each([
    ["Wed, 25 Nov 2026 08:00:10 GMT", "ok"],
    ["Wed, 25 Nov 2026 08:02:00 GMT", "warning"],
    ["Wed, 25 Nov 2026 07:58:00 GMT", "warning"],
    ["Wed, 25 Nov 2026 08:05:00 GMT", "fail"],
    ["Wed, 25 Nov 2026 05:00:00 GMT", "fail"],
    [undefined, "ok"],
    ["yesterday", "ok"],
  ])("%s: %s", (date, wanted) => {
    expect(level(clockProbe(date, NOW))).toBe(wanted);
  });
});

// A 429 with a short Retry-After is everyday traffic (learn.microsoft.com/graph/throttling): doctor waited as a run does, and all else was answered.
describe("throttling that doctor met", () => {
  it.each([
    [{ throttled: 0, waitedSeconds: 0 }, "ok", "no throttling met; sharepoint: 210 of 1250 left"],
    [{ throttled: 2, waitedSeconds: 2 }, "warning", "throttled 2 times, waited 2 s; sharepoint: 210 of 1250 left"],
  ])("%j: %s", (cost, wanted, detail) => {
    const probe = headroomProbe(cost, ["sharepoint: 210 of 1250 left"]);
    expect([level(probe), probe.detail]).toEqual([wanted, detail]);
  });
});

describe("file names that differ in case alone", () => {
  it("are named", async () => {
    const probe = await caseProbe("/nowhere", ["Ann.jpg", "bob.png", "ANN.JPG", "sub/bob.png"]);
    expect([level(probe), probe.detail]).toEqual([
      "warning",
      "1 pairs differ in upper and lower case alone: Ann.jpg and ANN.JPG",
    ]);
  });
  it("an empty folder has none", async () => {
    expect(level(await caseProbe("/nowhere", []))).toBe("ok");
  });
});
