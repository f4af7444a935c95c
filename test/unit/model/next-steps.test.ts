import { describe, expect, it } from "vitest";
import type { Finding } from "../../../src/model/finding.js";
import { nextSteps, NO_PLACES } from "../../../src/model/next-steps.js";
import type { Verdict } from "../../../src/model/run.js";
import { workloadCounter, type Workload } from "../../../src/model/workload.js";
import { finding, RUN, user } from "../../support/report-source.js";

const anna = user("anna@contoso.com", "Anna");
const named = (rule: Finding["rule"]) => ({ rule, remedy: { kind: "when-named", actions: ["upload-photo"] } }) as const;
const manual = (cure: string) => ({ kind: "manual", actions: [], cure }) as const;

function counted(findings: readonly Finding[]): Workload {
  const counter = workloadCounter();
  for (const one of findings) counter.add(one);
  return counter.result();
}

const thumbnails = (rule: Finding["rule"]) =>
  ["S", "M", "L"].map((size) =>
    finding({ user: anna, address: `sharepoint/anna@contoso.com/${size}Thumb`, ...named(rule) }),
  );

const mixed: readonly Finding[] = [
  ...thumbnails("wrong-person"),
  finding({ user: user("ben@contoso.com", "Ben") }),
  finding({ user: user("cleo@contoso.com", "Cleo"), ...named("placeholder-image") }),
  finding({ user: null, address: "source/x.jpg", rule: "unreadable-master", remedy: manual("Replace it.") }),
  finding({ user: anna, rule: "user-without-master", severity: "info", remedy: manual("Add one.") }),
  finding({ user: anna, rule: "propagation-pending", severity: "info", remedy: { kind: "waits", actions: [] } }),
];

describe("what is to be done", () => {
  it("is counted by whose turn it is: findings, people and files", () => {
    const work = counted(mixed);
    expect(work.open).toMatchObject({ findings: 3, people: 1, files: 0 });
    expect(work.automatic).toMatchObject({ findings: 1, people: 1 });
    expect([...work.named.keys()]).toEqual(["placeholder-image"]);
    expect(work.manual.get("unreadable-master")).toMatchObject({ findings: 1, files: 1, cure: "Replace it." });
    expect([...work.manual.keys()]).toEqual(["unreadable-master"]);
    expect(work.waiting.findings).toBe(1);
  });

  it("leaves out what a person decided", () => {
    const decided = { kind: "leave", by: "Hanna", at: "2026-11-01T00:00:00Z" } as const;
    expect(counted(thumbnails("wrong-person").map((one) => ({ ...one, decided }))).open.findings).toBe(0);
  });

  it("names the run's own paths, quoted for the shell", () => {
    const places = { config: "/etc/photo drift/photodrift.yaml", plan: "/tmp/plan one.json", report: null };
    const steps = nextSteps(RUN, counted(mixed), places);
    expect(steps.map(({ kind }) => kind)).toEqual(["apply", "decide", "name", "repair", "wait"]);
    expect(steps.flatMap(({ commands }) => commands)).toEqual([
      'photodrift apply "/tmp/plan one.json" --config "/etc/photo drift/photodrift.yaml"',
      `photodrift decide decisions-${RUN.id}.json --config "/etc/photo drift/photodrift.yaml"`,
      'photodrift audit --plan decided.json --config "/etc/photo drift/photodrift.yaml"',
      'photodrift apply decided.json --config "/etc/photo drift/photodrift.yaml"',
      'photodrift audit --rule placeholder-image --plan named.json --config "/etc/photo drift/photodrift.yaml"',
      'photodrift apply named.json --config "/etc/photo drift/photodrift.yaml"',
    ]);
  });

  it("makes the plan first where none was saved", () => {
    const [apply] = nextSteps(RUN, counted(mixed), NO_PLACES);
    expect(apply?.commands).toEqual(["photodrift audit --plan plan.json", "photodrift apply plan.json"]);
  });

  it.each<[Verdict, string]>([
    ["incomplete", "photodrift audit"],
    ["interrupted", "photodrift audit"],
    ["failed", "photodrift doctor"],
    ["refused", "photodrift doctor"],
    ["in-sync", "photodrift schedule run"],
  ])("is told for a run that ended %s", (verdict, command) => {
    const steps = nextSteps({ ...RUN, verdict }, counted([]), NO_PLACES);
    expect(steps.map(({ commands }) => commands)).toEqual([[command]]);
  });

  it("tells how an apply is taken back", () => {
    const steps = nextSteps({ ...RUN, mode: "apply", verdict: "in-sync" }, counted([]), NO_PLACES);
    expect(steps.flatMap(({ commands }) => commands)).toEqual([`photodrift undo ${RUN.id}`]);
  });

  it.each(nextSteps(RUN, counted(mixed), NO_PLACES).map(({ kind, sentence }) => [kind, sentence]))(
    "is a sentence: %s",
    (_, sentence) => {
      expect(sentence).toMatch(/^(?:[A-Z0-9]|photodrift ).*[.:]$/);
    },
  );
});
