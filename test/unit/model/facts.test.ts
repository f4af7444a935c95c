import { describe, expect, it } from "vitest";
import { cloudHosts, cloudOfGraphHost, sharePointHost } from "../../../src/model/clouds.js";
import { DECIDABLE_RULES, NO_PICTURE } from "../../../src/model/decision.js";
import { fixesOf, masterIn, namesOfSeen, seenIn } from "../../../src/model/decision-facts.js";
import { describeError } from "../../../src/model/describe-error.js";
import { PhotodriftError } from "../../../src/model/errors.js";
import type { Finding, JsonValue, Remedy } from "../../../src/model/finding.js";
import { isImageName, withoutImageExtension } from "../../../src/model/image-name.js";
import { CHANNEL_KINDS, channelKeys } from "../../../src/model/notify.js";
import { changePercent } from "../../../src/model/plan.js";
import { ownerKey, type PlanAction } from "../../../src/model/plan-action.js";
import { isRuleId, RULE_IDS, severityRank } from "../../../src/model/rule.js";
import { isDone } from "../../../src/model/run.js";
import { codeOfError, fileOfError, systemError, systemReason } from "../../../src/model/system-errors.js";
import { extensionOf, REPORT_FORMATS } from "../../../src/model/formats.js";
import { instantiate, moduleBytes, roomFor, type ModuleMemory } from "../../../src/model/web-assembly.js";
import { workloadCounter } from "../../../src/model/workload.js";
import { finding, user } from "../../support/report-source.js";

describe("hosts of the clouds (facts/graph-entra-exchange.md 6.3, facts/sharepoint.md 6)", () => {
  it.each([
    ["global", "graph.microsoft.com", "contoso.sharepoint.com", "contoso-my.sharepoint.com"],
    ["usgov", "graph.microsoft.us", "contoso.sharepoint.us", "contoso-my.sharepoint.us"],
    ["usgov-dod", "dod-graph.microsoft.us", "contoso.sharepoint-mil.us", "contoso-my.sharepoint-mil.us"],
    ["china", "microsoftgraph.chinacloudapi.cn", "contoso.sharepoint.cn", "contoso-my.sharepoint.cn"],
  ] as const)("%s", (cloud, graph, site, my) => {
    expect(cloudHosts(cloud).graph).toBe(graph);
    expect(cloudOfGraphHost(graph.toUpperCase())).toBe(cloud);
    expect(sharePointHost("sharepoint", "Contoso", cloud)).toBe(site);
    expect(sharePointHost("sharepointMy", "contoso", cloud)).toBe(my);
    expect(sharePointHost("sharepointAdmin", "contoso", cloud)).toBe(site.replace("contoso", "contoso-admin"));
  });

  it("a custom cloud goes by the names of the global one, and no other host is one of Graph's", () => {
    expect(cloudHosts("custom")).toBe(cloudHosts("global"));
    expect(cloudOfGraphHost("graph.example.org")).toBeNull();
  });
});

describe("what a finding is about, for decisions", () => {
  const fact = (rule: Finding["rule"], actual: Record<string, JsonValue>, expected = {}) => ({
    rule,
    actual,
    expected,
  });
  const both = fact("stores-disagree", { cloud: { sha256: "c", etag: "e1" }, sharePoint: { etag: "e2" } });

  it.each([
    ["a read picture", fact("wrong-person", { sha256: "s", etag: "e" }), "s", ["s", "s", "e"]],
    ["one known by its etag", fact("wrong-person", { sha256: null, etag: "e" }), "e", ["e", "e"]],
    ["none", fact("removed-in-tenant", { photo: "absent" }), NO_PICTURE, [NO_PICTURE]],
    ["two stores", both, "c e2", ["c e2", "c", "e1", "e2"]],
    [
      "two stores of which one said nothing",
      fact("stores-disagree", { cloud: { sha256: "c" } }),
      "c absent",
      ["c absent", "c"],
    ],
    [
      "lists are no facts",
      fact("stores-disagree", { cloud: ["c"], sharePoint: null }),
      "absent absent",
      ["absent absent"],
    ],
    ["a text is no facts", fact("stores-disagree", { cloud: "c", sharePoint: 1 }), "absent absent", ["absent absent"]],
  ])("%s", (_, facts, seen, names) => {
    expect(seenIn(facts)).toBe(seen);
    expect(namesOfSeen(facts)).toEqual(names);
  });

  it("the master is known by its hash alone", () => {
    expect(masterIn(fact("wrong-person", {}, { sha256: "m" }))).toBe("m");
    expect(masterIn(fact("wrong-person", { sha256: "s" }, { sha256: 1 }))).toBeNull();
  });

  it.each<[Finding["rule"], Remedy["kind"], boolean, readonly string[]]>([
    ["wrong-person", "when-named", false, ["upload-photo"]],
    ["wrong-person", "automatic", false, ["upload-photo"]],
    ["wrong-person", "manual", true, []],
    ["wrong-person", "waits", true, []],
    ["wrong-person", "none", true, []],
    ["missing-photo", "automatic", true, []],
    ["stores-disagree", "none", true, ["write-thumbnail"]],
    ["stores-disagree", "when-named", false, []],
  ])("%s with remedy %s (SharePoint written: %s) is put right by %j", (rule, kind, sharePoint, actions) => {
    expect(fixesOf({ rule, remedy: { kind, actions: ["upload-photo"] } }, sharePoint)).toEqual(actions);
  });
});

describe("errors in one line", () => {
  const wrapped = (code: string, path?: string) => Object.assign(new Error("raw\nsecond line"), { code, path });

  it("our own with code, message and hint; those of the system in the words of the table; of others the first line", () => {
    expect(describeError(new PhotodriftError("c", "What.", "Do."))).toBe("c: What. Do.");
    expect(describeError(new PhotodriftError("c", "What.", ""))).toBe("c: What.");
    expect(describeError(wrapped("EROFS"))).toMatch(/^read-only: the file system is read-only\. Mount it/);
    expect(describeError(wrapped("EOTHER"))).toBe("raw");
    expect(describeError("a text\nmore")).toBe("a text");
    expect(describeError("x".repeat(600))).toBe("x".repeat(500));
  });

  it("our own keep what they rest on, where there is something", () => {
    const cause = new Error("below");
    expect(new PhotodriftError("c", "What.", "Do.", "failed", cause).cause).toBe(cause);
    expect(new PhotodriftError("c", "What.", "Do.")).not.toHaveProperty("cause");
    expect(new PhotodriftError("c", "What.", "Do.").errorClass).toBe("failed");
  });

  it.each<[string, string | null]>([
    ["ENOSPC", "disk-full"],
    ["SQLITE_IOERR_WRITE", "disk-error"],
    ["SQLITE_BUSY", "file-busy"],
    ["SQLITE_", null],
    ["XSQLITE_BUSY", null],
    ["toString", null],
    ["", null],
  ])("%s means %s", (code, meaning) => {
    expect(systemError(wrapped(code))?.code ?? null).toBe(meaning);
  });

  it("a module of another Node is told by its message", () => {
    expect(systemError(new Error("… NODE_MODULE_VERSION 115 …"))?.code).toBe("module-unusable");
  });

  it("what is no error has no code, no file and is told as it is", () => {
    for (const value of [{ code: "ENOSPC", path: "/x" }, "ENOSPC", null])
      expect([codeOfError(value), fileOfError(value), systemError(value)]).toEqual(["", "", null]);
    expect(["ENOSPC", null, 5].map(systemReason)).toEqual(["ENOSPC", "null", "5"]);
    expect(codeOfError(Object.assign(new Error(), { code: 5 }))).toBe("");
    expect(codeOfError(new Error())).toBe("");
    expect(fileOfError(wrapped("ENOSPC", "/data"))).toBe("/data");
    expect(fileOfError(Object.assign(new Error(), { path: 1 }))).toBe("");
    expect(fileOfError(new Error())).toBe("");
    expect(systemReason(wrapped("ENOSPC"))).toBe("no space left on the device");
    expect(systemReason(new Error("own"))).toBe("own");
  });
});

describe("names and tables", () => {
  it.each([
    ["a.jpg", true, "a"],
    ["A.B.JPEG", true, "A.B"],
    [".png", true, ""],
    ["anna@contoso.com", false, "anna@contoso.com"],
    ["jpg", false, "jpg"],
    ["a.jpg.txt", false, "a.jpg.txt"],
    ["a.srf", true, "a"],
  ])("%s is an image: %s, bare %s", (name, image, bare) => {
    expect([isImageName(name), withoutImageExtension(name)]).toEqual([image, bare]);
  });

  it("a channel needs its keys, and others do not belong to it", () => {
    expect(Object.fromEntries(CHANNEL_KINDS.map((kind) => [kind, channelKeys(kind)]))).toEqual({
      teams: { needed: ["url"], foreign: ["secret", "from", "to"] },
      webhook: { needed: ["url"], foreign: ["from", "to"] },
      mail: { needed: ["from", "to"], foreign: ["url", "secret"] },
    });
  });

  it.each([
    [0, 0, 0],
    [1, 0, 0],
    [1, 3, 33.3],
    [2, 3, 66.7],
    [3, 3, 100],
    [1, 10_000, 0],
  ])("%i of %i users are %d %%", (usersChanged, usersInScope, percent) => {
    expect(changePercent({ usersChanged, usersInScope })).toBe(percent);
  });

  it("severities rise, ids are known in their spelling alone, and done is what stands as wanted", () => {
    expect((["info", "warning", "error", "critical"] as const).map(severityRank)).toEqual([0, 1, 2, 3]);
    expect(RULE_IDS.every(isRuleId)).toBe(true);
    expect(["Pinned", "toString", ""].some(isRuleId)).toBe(false);
    const kinds = ["applied", "already-in-sync", "skipped", "stale", "failed"] as const;
    expect(kinds.map((kind) => isDone({ kind }))).toEqual([true, true, false, false, false]);
  });

  it("the owner of an action is the user, in any spelling, or the stem of nobody's files", () => {
    const at = (address: string, upn: string | null, id = "1") =>
      ownerKey({ address, user: upn === null ? null : { id, upn, displayName: "" } } as unknown as PlanAction);
    expect(at("entra/Anna@c.com", "Anna@c.com")).toBe(at("sharepoint/anna@c.com/LThumb", "anna@c.com"));
    expect(at("entra/anna@c.com", "anna@c.com")).not.toBe(at("entra/anna@c.com", "anna@c.com", "2"));
    expect(at("sharepoint/Gone/LThumb", null)).toBe(at("sharepoint/gone/SThumb", null));
    expect(at("sharepoint/gone/LThumb", null)).not.toBe(at("sharepoint/gone2/LThumb", null));
    expect(at("sharepoint/a/b/LThumb", null)).not.toBe(at("sharepoint/a/c/LThumb", null));
    // Users come first in a plan, nobody's files last (plan/order.ts sorts by this key).
    expect(at("sharepoint/a/LThumb", null) > at("entra/zz", "zz")).toBe(true);
  });

  it("a file ends as its format is called, text as texts do", () => {
    expect(REPORT_FORMATS.map(extensionOf)).toEqual(["txt", ...REPORT_FORMATS.slice(1)]);
  });

  it("bytes of a module are those of its text", () => {
    expect([...moduleBytes("AGFzbQ==")]).toEqual([0, 0x61, 0x73, 0x6d]);
  });

  it("a module's memory grows to what is asked for, by whole pages, and never shrinks", () => {
    // (module (memory (export "m") 1)), WebAssembly core specification, 5.5.
    const memoryOfOnePage = "AGFzbQEAAAAFAwEAAQcFAQFtAgA=";
    const { m: memory } = instantiate(memoryOfOnePage) as { readonly m: ModuleMemory };
    const pages = (bytes: number): number => roomFor(memory, bytes).byteLength / 65_536;
    expect([0, 1, 65_536].map(pages)).toEqual([1, 1, 1]);
    expect([65_537, 131_072, 131_073, 65_536].map(pages)).toEqual([2, 2, 3, 3]);
    expect(roomFor(memory, 1)).toBe(memory.buffer);
  });
});

describe("what findings leave to do", () => {
  const anna = user("anna@contoso.com", "Anna");
  const ben = user("ben@contoso.com", "Ben");
  const counted = (findings: readonly Finding[]) => {
    const counter = workloadCounter();
    for (const one of findings) counter.add(one);
    return counter.result();
  };
  const remedy = (kind: Remedy["kind"], cure?: string) => ({
    kind,
    actions: [],
    ...(cure === undefined ? {} : { cure }),
  });

  it("counts a person and a stem of nobody once, however many findings stand in a row", () => {
    const orphan = (stem: string, size: string) =>
      finding({
        user: null,
        rule: "orphan-thumbnail",
        address: `sharepoint/${stem}/${size}Thumb`,
        remedy: remedy("when-named"),
      });
    const work = counted([orphan("a", "S"), orphan("a", "M"), orphan("b", "L")]);
    expect(work.open).toMatchObject({ findings: 3, people: 0, files: 2 });
    const two = counted(
      [anna, anna, ben].map((who) => finding({ user: who, rule: "missing-photo", remedy: remedy("automatic") })),
    );
    expect(two.automatic).toMatchObject({ findings: 3, people: 2, files: 0 });
  });

  it.each(DECIDABLE_RULES)("%s asks a person until it is decided, and is no work of another kind", (rule) => {
    const draft = { user: anna, rule, severity: "error" } as const;
    const by = { kind: "keep", by: "Bo", at: "2026-01-01T00:00:00Z" } as const;
    const open = counted([
      finding({ ...draft, remedy: remedy("when-named") }),
      finding({ ...draft, remedy: remedy("manual") }),
    ]);
    expect([open.open.findings, open.named.size, open.manual.size]).toEqual([2, 0, 0]);
    expect(counted([finding({ ...draft, decided: by, remedy: remedy("none") })]).open.findings).toBe(0);
  });

  it("manual work counts by rule with the first cure; what is only worth a look does not count", () => {
    const draft = (severity: Finding["severity"], cure?: string) =>
      finding({ user: anna, rule: "user-without-master", severity, remedy: remedy("manual", cure) });
    const work = counted([draft("warning", "Add one."), draft("error", "Another."), draft("info", "None.")]);
    expect(work.manual.get("user-without-master")).toMatchObject({ findings: 2, people: 1, cure: "Add one." });
    expect(counted([draft("info")]).manual.size).toBe(0);
    expect(counted([draft("error")]).manual.get("user-without-master")?.cure).toBe("");
  });

  it("work that waits, and work that waits for its rule to be named, stand apart", () => {
    const work = counted([
      finding({ user: anna, rule: "propagation-pending", remedy: remedy("waits") }),
      finding({ user: ben, rule: "placeholder-image", remedy: remedy("when-named") }),
      finding({ user: ben, rule: "placeholder-image", remedy: remedy("none") }),
    ]);
    expect([work.waiting.findings, work.automatic.findings, work.open.findings]).toEqual([1, 0, 0]);
    expect([...work.named].map(([rule, { findings, people }]) => [rule, findings, people])).toEqual([
      ["placeholder-image", 1, 1],
    ]);
  });
});
