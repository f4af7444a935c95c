import { expectationOf, type Expectation } from "./expectations.js";
import { kindOf, WRITES } from "./kinds.js";
import type { Mutation } from "./mutation.js";
import type { Phase, RunKind } from "./phases.js";
import { readSeen, type Seen } from "./seen.js";
import type { Stage, Staged } from "./stage.js";
import { subjectsOf, type Subject } from "./subjects.js";
import { ENDLESS, tamperingOf, type Tampering } from "./tampering.js";

/** What the clean run of each kind says. */
export type Clean = Readonly<Record<RunKind, CleanRun>>;

interface CleanRun extends Seen {
  /** Keys of the subjects that it wrote. */
  readonly wrote: ReadonlySet<string>;
}

export interface CellResult {
  readonly mutation: string;
  readonly phase: string;
  readonly expected: Expectation;
  readonly exit: number;
  readonly requests: number;
  readonly cpuSeconds: number;
  /** What is not as written; empty: the cell is green. */
  readonly wrong: readonly string[];
}

/** Rules that say that something is not there, or is not what it should be, on the word of the stores. */
const TELLS_OF_STORES = (rule: string): boolean => rule !== "unreadable";

export async function cleanRuns(stage: Stage): Promise<Clean> {
  const one = async (kind: RunKind) => {
    stage.proxy.use(null);
    const staged = await stage.run(kind);
    const seen = await readSeen(staged.dir, kind.endsWith("audit"));
    await stage.forget(staged);
    const writes = stage.proxy.passed.filter(({ asked }) => WRITES.has(kindOf(asked)));
    return {
      ...seen,
      wrote: new Set(writes.flatMap(({ asked }) => subjectsOf(asked, stage.tenant).map(({ key }) => key))),
    };
  };
  return {
    audit: await one("audit"),
    "full-audit": await one("full-audit"),
    apply: await one("apply"),
    undo: await one("undo"),
  };
}

/** Runs one cell and tells what is not as written. */
export async function runCell(
  stage: Stage,
  clean: Clean,
  mutation: Mutation,
  phase: Phase,
  chosen?: (at: number) => boolean,
): Promise<CellResult> {
  const tampering = tamperingOf(mutation, phase, stage.tenant, chosen);
  stage.proxy.use(tampering);
  const staged = await stage.run(phase.run);
  const seen = await readSeen(staged.dir, phase.run.endsWith("audit"));
  const expected = expectationOf(mutation.id, phase.id);
  const wrong = [
    ...always(stage, staged, tampering, clean[phase.run]),
    ...(tampering.changes === 0 ? ["the change met no answer"] : []),
    ...(expected.exits.includes(staged.ended.code) ? [] : [`exit ${String(staged.ended.code)}`]),
    ...(phase.run.endsWith("audit")
      ? auditFaults(expected, seen, clean[phase.run], tampering)
      : writeFaults(expected, seen, clean[phase.run], tampering)),
  ];
  await stage.forget(staged);
  const { code, cpuSeconds } = staged.ended;
  const { requests } = tampering;
  return { mutation: mutation.id, phase: phase.id, expected, exit: code, requests, cpuSeconds, wrong };
}

/** What an audit claims wrongly while some answers of a phase are changed, whatever it may make of them otherwise. */
export async function falseClaims(
  stage: Stage,
  clean: Clean,
  { mutation, phase }: { readonly mutation: Mutation; readonly phase: Phase },
  chosen: (at: number) => boolean,
): Promise<readonly string[]> {
  const tampering = tamperingOf(mutation, phase, stage.tenant, chosen);
  stage.proxy.use(tampering);
  const staged = await stage.run(phase.run);
  const seen = await readSeen(staged.dir, true);
  await stage.forget(staged);
  return [...always(stage, staged, tampering, clean[phase.run]), ...claims(seen, clean[phase.run], tampering)];
}

/** What holds in every cell: an audit writes nothing, the other runs nothing beyond the plan; it ends, and keeps its token to itself. */
function always(stage: Stage, { ended }: Staged, tampering: Tampering, clean: CleanRun): readonly string[] {
  const leaks = stage.proxy.passed.filter(
    ({ asked }) =>
      asked.host === "elsewhere" && (asked.headers["authorization"] !== undefined || asked.body.length > 0),
  );
  return [
    ...(/unexpected failure/.test(ended.stdout + ended.stderr)
      ? [`unexpected failure: ${firstLine(ended.stderr)}`]
      : []),
    ...(ended.endless ? ["had to be interrupted"] : []),
    ...(tampering.requests >= ENDLESS ? [`${String(tampering.requests)} requests`] : []),
    ...tampering.writes
      .filter(({ subject }) => !clean.wrote.has(subject.key))
      .map(({ subject }) => `wrote ${subject.key}`),
    ...(leaks.length > 0 ? ["a token reached another host"] : []),
  ];
}

function auditFaults(expected: Expectation, seen: Seen, clean: Seen, tampering: Tampering): readonly string[] {
  const wrong: string[] = [];
  if (expected.outcome === "read") {
    if (seen.report?.run.complete !== true) wrong.push("not complete");
    return [
      ...wrong,
      ...difference("finding", seen.findings, clean.findings),
      ...difference("action", seen.actions, clean.actions),
    ];
  }
  if (seen.report?.run.complete === true) wrong.push("claims to be complete");
  if (expected.outcome === "refused" && seen.actions.length > 0) wrong.push("plans although it trusts nothing");
  return [...wrong, ...claims(seen, clean, tampering)];
}

/** What is said or planned beyond the clean run, or about what changed answers were about. */
function claims(seen: Seen, clean: Seen, tampering: Tampering): readonly string[] {
  const wrong: string[] = [];
  wrong.push(
    ...invented(
      "finding",
      seen.findings.filter((line) => TELLS_OF_STORES(ruleOf(line))),
      clean.findings,
    ),
  );
  wrong.push(...invented("action", seen.actions, clean.actions));
  const about = (line: string): boolean => tampering.touched.some((subject) => names(line, subject));
  wrong.push(...seen.findings.filter((line) => ABSENCE.has(ruleOf(line)) && about(line)).map((line) => `says ${line}`));
  wrong.push(...seen.actions.filter(about).map((line) => `plans ${line}`));
  return wrong;
}

/** Findings that say that something is missing. */
const ABSENCE = new Set(["missing-photo", "missing-thumbnail", "master-without-user", "removed-in-tenant"]);

function writeFaults(expected: Expectation, seen: Seen, clean: Seen, tampering: Tampering): readonly string[] {
  const wrong: string[] = [];
  const outcomes = seen.report?.outcomes ?? [];
  const applied = outcomes.filter(({ kind }) => kind === "applied");
  const planned = clean.report?.outcomes.length ?? 0;
  if (seen.report === null) wrong.push("no report");
  if (expected.outcome === "done" && applied.length !== planned) {
    wrong.push(`${String(applied.length)} of ${String(planned)} applied`);
  }
  if (expected.outcome === "left") {
    const about = (address: string): boolean => tampering.touched.some((subject) => names(`@${address}`, subject));
    if (applied.length === planned) wrong.push("tells everything as applied");
    if (expected.writes === "others") {
      const touched = new Set(tampering.touched.map(({ key }) => key));
      for (const { subject } of tampering.writes) if (touched.has(subject.key)) wrong.push(`wrote ${subject.key}`);
      wrong.push(
        ...applied.filter(({ address }) => about(address)).map(({ address }) => `tells ${address} as applied`),
      );
    }
  }
  return wrong;
}

/** True where an address stands for the subject of a changed answer. */
function names(line: string, { area, upn, file }: Subject): boolean {
  const [store = "", owner = "", part = ""] = (line.split("@").slice(1).join("@") || line).split("/");
  if (area === "everything") return store !== "source" || ruleOf(line) === "master-without-user";
  const isStore = area === "cloud" ? store === "entra" || store === "exchange" : store === "sharepoint";
  if (!isStore || (upn !== null && owner.toLowerCase() !== upn)) return false;
  return file === undefined || part.toLowerCase() === file;
}

function ruleOf(line: string): string {
  return line.split(" @")[0] ?? "";
}

function difference(what: string, found: readonly string[], wanted: readonly string[]): readonly string[] {
  return [
    ...invented(what, found, wanted),
    ...wanted.filter((line) => !found.includes(line)).map((line) => `${what} gone: ${line}`),
  ];
}

function invented(what: string, found: readonly string[], wanted: readonly string[]): readonly string[] {
  return found.filter((line) => !wanted.includes(line)).map((line) => `${what} invented: ${line}`);
}

function firstLine(text: string): string {
  return /unexpected failure: (.*)/.exec(text)?.[1]?.slice(0, 120) ?? "";
}
