import { describe, expect, it } from "vitest";
import type { Finding } from "../../../src/model/finding.js";
import { amount, decisionsFileName, nextSteps, NO_PLACES } from "../../../src/model/next-steps.js";
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

  const NOTHING = counted([]);
  const work = (findings: number, people = findings, files = 0) => ({ findings, people, files });
  const sentenceOf = (parts: Partial<Workload>, places = NO_PLACES) =>
    nextSteps(RUN, { ...NOTHING, ...parts }, places)[0]?.sentence;

  it.each<[string, Partial<Workload>, RegExp]>([
    ["one decides", { open: work(1) }, /^1 finding needs the eyes of a person\. Decide/],
    ["two decide", { open: work(2) }, /^2 findings need the eyes of a person\. Decide/],
    ["one waits for its rule", { named: new Map([["placeholder-image", work(1)]]) }, /^1 finding waits until/],
    [
      "two rules wait for their names",
      {
        named: new Map([
          ["placeholder-image", work(1)],
          ["stale-photo", work(2, 1)],
        ]),
      },
      /^3 findings of 2 people wait until/,
    ],
    [
      "one is for people",
      { manual: new Map([["unreadable-master", { ...work(1, 0, 1), cure: "c" }]]) },
      /^1 file needs work/,
    ],
    [
      "two are for people",
      { manual: new Map([["unreadable-master", { ...work(2, 0, 2), cure: "c" }]]) },
      /^2 files need work/,
    ],
    ["one waits", { waiting: work(1) }, /^1 finding heals by itself;/],
    ["two wait", { waiting: work(2) }, /^2 findings heal by themselves;/],
    ["nothing", {}, /^Nothing needs to be done\./],
  ])("is said in numbers: %s", (_, parts, sentence) => {
    expect(sentenceOf(parts)).toMatch(sentence);
  });

  it("says whether the plan is saved", () => {
    expect(sentenceOf({ automatic: work(2) })).toBe("photodrift can put right 2 findings by itself.");
    expect(sentenceOf({ automatic: work(2) }, { ...NO_PLACES, plan: "/p.json" })).toBe(
      "photodrift can put right 2 findings by itself; the plan is saved.",
    );
  });

  it.each([
    { narrowedTo: [], done: "photodrift schedule run", plan: "photodrift audit --plan plan.json", wider: null },
    {
      narrowedTo: ["--store entra", "--rule stale-photo"],
      done: "photodrift audit",
      plan: "photodrift audit --store entra --rule stale-photo --plan plan.json",
      wider: null,
    },
    {
      narrowedTo: ["--user", "--group", "--store entra"],
      done: "photodrift audit",
      plan: "photodrift audit --store entra --plan plan.json",
      wider: "Without --user and --group the plan is made for the whole tenant.",
    },
  ])("promises no more than the run looked at: $narrowedTo", ({ narrowedTo, done, plan, wider }) => {
    const [nothing] = nextSteps(RUN, NOTHING, NO_PLACES, narrowedTo);
    expect(nothing?.commands).toEqual([done]);
    for (const flag of narrowedTo) expect(nothing?.sentence).toContain(flag);
    const [apply] = nextSteps(RUN, { ...NOTHING, automatic: work(2) }, NO_PLACES, narrowedTo);
    expect(apply?.commands).toEqual([plan, "photodrift apply plan.json"]);
    expect(apply?.sentence).toBe(
      ["photodrift can put right 2 findings by itself.", ...(wider === null ? [] : [wider])].join(" "),
    );
    const saved = { ...NO_PLACES, plan: "/p.json" };
    const [kept] = nextSteps(RUN, { ...NOTHING, automatic: work(2) }, saved, narrowedTo);
    expect(kept?.commands).toEqual(["photodrift apply /p.json"]);
  });

  it("names rules by their findings, most first, and the command for files only where files are wrong", () => {
    const step = (...rules: readonly (readonly [Finding["rule"], number])[]) =>
      nextSteps(
        RUN,
        { ...NOTHING, manual: new Map(rules.map(([rule, count]) => [rule, { ...work(count), cure: "c" }])) },
        NO_PLACES,
      )[0];
    expect(step(["unreadable-master", 1], ["ambiguous-master", 3])).toMatchObject({
      rules: ["ambiguous-master", "unreadable-master"],
      commands: ["photodrift masters --unmatched --suggest"],
    });
    expect(step(["unreadable-master", 1])?.commands).toEqual([]);
    expect(step(["master-without-user", 1])?.commands).toHaveLength(1);
  });

  it("begins an apply again as an apply, and plans anew what one left", () => {
    const apply = { ...RUN, mode: "apply", verdict: "incomplete" } as const;
    const [look, again] = nextSteps(apply, { ...NOTHING, automatic: work(1) }, { ...NO_PLACES, plan: "/p.json" });
    expect(look).toEqual({
      kind: "look",
      sentence: "Some users or stores could not be read or written: run it again, it takes up what is missing.",
      commands: ["photodrift apply --yes"],
      rules: [],
    });
    expect(again?.commands).toEqual(["photodrift audit --plan /p.json", "photodrift apply /p.json"]);
  });

  it("says why to look again in its own words for each ending", () => {
    const said = (["incomplete", "interrupted", "failed", "refused"] as const).map(
      (verdict) => nextSteps({ ...RUN, verdict }, NOTHING, NO_PLACES)[0]?.sentence ?? "",
    );
    expect(said.map((sentence) => /could not be read|interrupted|failed|refused/.exec(sentence)?.[0])).toEqual([
      "could not be read",
      "interrupted",
      "failed",
      "refused",
    ]);
  });

  it("leaves out a command that cannot be typed, not the step", () => {
    const steps = nextSteps(RUN, { ...NOTHING, waiting: work(1), open: work(1) }, { ...NO_PLACES, config: "a\nb" });
    expect(steps.map(({ kind, commands }) => [kind, commands])).toEqual([
      ["decide", []],
      ["wait", []],
    ]);
  });

  it("names the file of a run's decisions without what no file name holds", () => {
    expect(decisionsFileName("2026-03-01T12:00:00Z/ab")).toBe("decisions-2026-03-01T12-00-00Z-ab.json");
    expect(decisionsFileName("a: /b_c-d")).toBe("decisions-a-b_c-d.json");
  });

  it.each<[number, number, number, string]>([
    [1, 1, 0, "1 finding"],
    [2, 2, 0, "2 findings"],
    [1, 0, 1, "1 file"],
    [3, 0, 3, "3 files"],
    [3, 1, 2, "3 findings"],
    [3, 1, 0, "3 findings of 1 person"],
    [3, 2, 0, "3 findings of 2 people"],
    [3, 0, 1, "3 findings of 1 file"],
    [6, 2, 3, "6 findings of 2 people and 3 files"],
  ])("%i findings, %i people, %i files: %s", (findings, people, files, words) => {
    expect(amount({ findings, people, files })).toBe(words);
  });

  it.each(nextSteps(RUN, counted(mixed), NO_PLACES).map(({ kind, sentence }) => [kind, sentence]))(
    "is a sentence: %s",
    (_, sentence) => {
      expect(sentence).toMatch(/^(?:[A-Z0-9]|photodrift ).*[.:]$/);
    },
  );
});
