import type { RunHead } from "./run.js";
import type { RuleId } from "./rule.js";
import { commandLine } from "./shell.js";
import type { Work, Workload } from "./workload.js";

/** Where the files of a run are, for the commands that come next. All null where nobody knows. */
export interface RunPlaces {
  /** Absolute path of the configuration file. */
  readonly config: string | null;
  /** The plan that was saved with the run. */
  readonly plan: string | null;
  /** The HTML report of the run. */
  readonly report: string | null;
}

export const NO_PLACES: RunPlaces = { config: null, plan: null, report: null };

/** One thing to do now: who acts and on what in one sentence, and the commands to type for it. */
export interface NextStep {
  readonly kind: "look" | "decide" | "apply" | "name" | "repair" | "wait" | "done" | "back";
  readonly sentence: string;
  readonly commands: readonly string[];
  /** Rules that the step is about, worst first. */
  readonly rules: readonly RuleId[];
}

/**
 * What to do now, the most urgent first; never empty.
 * @param narrowedTo flags by which the run looked at a part of the tenant only
 */
export function nextSteps(
  run: RunHead,
  work: Workload,
  places: RunPlaces,
  narrowedTo: readonly string[] = [],
): readonly NextStep[] {
  const type = typist(places);
  const steps = [
    ...lookAgain(run, type),
    ...automaticSteps(run, work, places, type, narrowedTo),
    ...decideSteps(run, work, places),
    ...namedSteps(work, type),
    ...manualSteps(work, type),
    ...waitSteps(work),
  ];
  const back = undoSteps(run, type);
  if (steps.length > 0 || back.length > 0) return [...steps, ...back];
  if (narrowedTo.length > 0) {
    const sentence = `Nothing needs to be done as far as this run looked (${narrowedTo.join(" ")}): an audit of the whole tenant tells of the rest.`;
    return [{ kind: "done", sentence, commands: type("audit"), rules: [] }];
  }
  const sentence = "Nothing needs to be done. A schedule keeps watch and tells you when something changes.";
  return [{ kind: "done", sentence, commands: type("schedule", "run"), rules: [] }];
}

/** Name of the file of decisions that the page of a run saves. */
export function decisionsFileName(runId: string): string {
  return `decisions-${runId.replace(/[^\w-]+/g, "-")}.json`;
}

type Type = (...words: readonly string[]) => readonly string[];

/** Commands with the configuration of the run; none where a path cannot be typed. */
function typist({ config }: RunPlaces): Type {
  return (...words) => {
    const line = commandLine(...words, ...(config === null ? [] : ["--config", config]));
    return line === null ? [] : [line];
  };
}

function lookAgain({ verdict, mode }: RunHead, type: Type): readonly NextStep[] {
  const again = type(mode === "apply" ? "apply" : "audit", ...(mode === "apply" ? ["--yes"] : []));
  const step = (sentence: string, commands: readonly string[]): readonly NextStep[] => [
    { kind: "look", sentence, commands, rules: [] },
  ];
  switch (verdict) {
    case "incomplete":
      return step(
        "Some users or stores could not be read or written: run it again, it takes up what is missing.",
        again,
      );
    case "interrupted":
      return step("The run was interrupted: run it again, it goes on where it stopped.", again);
    case "failed":
      return step("The run failed: the preflight tells what stands in the way, and the cure.", type("doctor"));
    case "refused":
      return step(
        "A safety limit or the tenant's policy refused the run: the preflight tells which one.",
        type("doctor"),
      );
    default:
      return [];
  }
}

function automaticSteps(
  run: RunHead,
  work: Workload,
  { plan }: RunPlaces,
  type: Type,
  narrowedTo: readonly string[],
): readonly NextStep[] {
  if (work.automatic.findings === 0) return [];
  const saved = plan === null ? "" : "; the plan is saved";
  // Whose names the run was given it does not keep.
  const unnamed = plan === null ? narrowedTo.filter((flag) => !flag.includes(" ")) : [];
  const wider = unnamed.length === 0 ? "" : ` Without ${unnamed.join(" and ")} the plan is made for the whole tenant.`;
  const sentence = `photodrift can put right ${amount(work.automatic)} by itself${saved}.${wider}`;
  const file = plan ?? "plan.json";
  const again = narrowedTo.flatMap((flag) => (flag.includes(" ") ? flag.split(" ") : []));
  const commands = [
    ...(plan === null || run.mode !== "audit" ? type("audit", ...again, "--plan", file) : []),
    ...type("apply", file),
  ];
  return [{ kind: "apply", sentence, commands, rules: [] }];
}

/** What to type once the decisions of a run's report are saved. */
export function decideCommands(runId: string, places: RunPlaces): readonly string[] {
  const type = typist(places);
  return [
    ...type("decide", decisionsFileName(runId)),
    ...type("audit", "--plan", "decided.json"),
    ...type("apply", "decided.json"),
  ];
}

function decideSteps({ id }: RunHead, work: Workload, places: RunPlaces): readonly NextStep[] {
  if (work.open.findings === 0) return [];
  const one = work.open.findings === 1;
  const sentence = `${amount(work.open)} ${one ? "needs" : "need"} the eyes of a person. Decide in the HTML report, save, and type in the folder of the saved file:`;
  return [{ kind: "decide", sentence: capital(sentence), commands: decideCommands(id, places), rules: [] }];
}

function namedSteps({ named }: Workload, type: Type): readonly NextStep[] {
  const rules = byFindings(named);
  if (rules.length === 0) return [];
  const words = rules.flatMap((rule) => ["--rule", rule]);
  const sentence = `${capital(amount(sum(named)))} ${sum(named).findings === 1 ? "waits" : "wait"} until you name the rule: photodrift can put them right, and does so only when asked.`;
  const commands = [...type("audit", ...words, "--plan", "named.json"), ...type("apply", "named.json")];
  return [{ kind: "name", sentence, commands, rules }];
}

function manualSteps({ manual }: Workload, type: Type): readonly NextStep[] {
  const rules = byFindings(manual);
  if (rules.length === 0) return [];
  const sentence = `${capital(amount(sum(manual)))} ${sum(manual).findings === 1 ? "needs" : "need"} work outside of photodrift; the cure stands at each.`;
  const files: readonly RuleId[] = ["master-without-user", "ambiguous-master"];
  const commands = rules.some((rule) => files.includes(rule)) ? type("masters", "--unmatched", "--suggest") : [];
  return [{ kind: "repair", sentence, commands, rules }];
}

function waitSteps({ waiting }: Workload): readonly NextStep[] {
  if (waiting.findings === 0) return [];
  const heals = waiting.findings === 1 ? "heals by itself" : "heal by themselves";
  const sentence = `${capital(amount(waiting))} ${heals}; the next audit looks again.`;
  return [{ kind: "wait", sentence, commands: [], rules: [] }];
}

function undoSteps({ mode, id }: RunHead, type: Type): readonly NextStep[] {
  if (mode !== "apply") return [];
  const sentence = "Every write of this run can be taken back; without --yes the command only shows what it would do.";
  return [{ kind: "back", sentence, commands: type("undo", id), rules: [] }];
}

function byFindings(works: ReadonlyMap<RuleId, Work>): readonly RuleId[] {
  return [...works].sort(([, a], [, b]) => b.findings - a.findings).map(([rule]) => rule);
}

function sum(works: ReadonlyMap<RuleId, Work>): Work {
  const all = [...works.values()];
  const total = (part: keyof Work): number => all.reduce((done, one) => done + one[part], 0);
  return { findings: total("findings"), people: total("people"), files: total("files") };
}

/** `3 findings of 2 people`: several thumbnails of one person are several findings. */
export function amount({ findings, people, files }: Work): string {
  const found = counted(findings, "finding", "findings");
  if (people + files === findings) return files === findings ? counted(files, "file", "files") : found;
  const parts = [
    ...(people > 0 ? [counted(people, "person", "people")] : []),
    ...(files > 0 ? [counted(files, "file", "files")] : []),
  ];
  return `${found} of ${parts.join(" and ")}`;
}

function counted(value: number, one: string, many: string): string {
  return `${value} ${value === 1 ? one : many}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
