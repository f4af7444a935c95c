import type { Argv } from "yargs";
import { PhotodriftError } from "../../model/errors.js";
import { isSelected, type ActionSelection } from "../../plan/index.js";
import type { ApplyPorts } from "../../run/apply.js";
import type { PlanAction } from "../../model/plan-action.js";
import { usersInPlan } from "../../run/named-users.js";
import { planUndo } from "../../run/undo.js";
import { planDigest } from "../../state/index.js";
import { carryOut, forgetBackups, printResult } from "../sessions/apply.js";
import { keepHistory } from "../sessions/keeping.js";
import { listsOverUsers } from "../sessions/people-lists.js";
import { settleInterrupted } from "../sessions/recovery.js";
import { printReports } from "../sessions/print-reports.js";
import { newRun, runIdentity, type Workbench } from "../compose.js";
import { openApplyPorts } from "../compose-writers.js";
import { endingOnError, endUndo } from "../sessions/end-run.js";
import { EXIT } from "../../model/exit-codes.js";
import { telling, type Made } from "../sessions/telling.js";
import { withWorkbench } from "../sessions/workbench.js";
import { withNotifyFlag, type NotifyFlag } from "../line/filters.js";
import { typedFlags } from "../line/typed.js";
import type { GlobalFlags, Invocation } from "../line/globals.js";
import { signedBy } from "../sessions/plan-keys.js";
import { printPlan, writePlanResult } from "../sessions/plan-result.js";
import { requireOutputs } from "../terminal/results.js";
import { commandLine } from "../../model/shell.js";
import { plain } from "../../model/text.js";

export interface UndoFlags extends GlobalFlags, NotifyFlag {
  readonly run: string;
  readonly yes: boolean;
  readonly force: boolean;
  readonly user: string[] | undefined;
}

export function undoFlags<T>(yargs: Argv<T>) {
  return withNotifyFlag(yargs)
    .positional("run", { type: "string", demandOption: true, describe: "id of the run, or its beginning" })
    .option("yes", {
      alias: "y",
      type: "boolean",
      default: false,
      describe: "carry out; without it the plan is printed",
    })
    .option("force", { type: "boolean", default: false, describe: "also replace what changed since" })
    .option("user", { type: "string", array: true, nargs: 1, describe: "only this user; repeatable" });
}

/** Puts back what a run replaced, from its backups. Itself a plan, journalled, and undoable. */
export async function undoCommand(flags: UndoFlags, invocation: Invocation): Promise<number> {
  // Nobody schedules an undo: whoever typed it sees what came before there was a run.
  const how = { unrecorded: null, notify: flags.notify, signal: invocation.signal } as const;
  return withWorkbench(invocation, "photodrift undo", (bench) =>
    telling(bench, how, (made) => undo(bench, flags, invocation, made)),
  );
}

async function undo(bench: Workbench, flags: UndoFlags, invocation: Invocation, made: Made): Promise<number> {
  const { config } = bench;
  await requireOutputs(invocation.outputs);
  const ports = openApplyPorts(bench);
  await settleInterrupted(bench, ports);
  const undone = runIdOf(bench, flags.run);
  const selection = await selectionOf(bench, ports, undone, flags.user ?? []);
  const run = newRun(bench.ports.clock.now());
  const { plan, impossible } = planUndo(
    { journal: bench.state.journal, plans: bench.state.plans, clock: bench.ports.clock, digest: planDigest },
    {
      runId: undone,
      planId: `undo-${run.id}`,
      tenant: config.tenant.id,
      force: flags.force,
      select: (action) => isSelected(action, selection),
    },
  );
  if (!invocation.quiet || !flags.yes) printPlan(plan, invocation);
  for (const { address, why } of impossible)
    invocation.terminal.err(`  cannot be put back: ${plain(address)}: ${plain(why)}\n`);
  if (!flags.yes) {
    await writePlanResult(
      plan,
      signedBy(invocation.env),
      commandLine(...(invocation.tenant?.typed ?? ["undo"]), flags.run, ...typedFlags(flags), "--yes"),
      invocation,
    );
    return EXIT.drift;
  }
  bench.state.records.beginRun({ ...run, mode: "undo", trigger: "cli", tenant: config.tenant.id });
  const { result, exitCode } = await endingOnError(bench, { ...run, mode: "undo", trigger: "cli" }, async () => {
    const done = await carryOut(bench, ports, plan, { runId: run.id, signal: invocation.signal });
    return { result: done, ...endUndo(bench, run, undone, done, impossible.length) };
  });
  printResult(result, invocation);
  made.report = await printReports(bench, run.id, invocation);
  await keepHistory(bench);
  return exitCode;
}

/**
 * The part of a run that is wanted, once its users and the lists are known as they are now: what consent forbids to keep is gone before the plan
 * is made. Throws PhotodriftError `user-unknown` (usage).
 */
async function selectionOf(
  bench: Workbench,
  ports: ApplyPorts,
  undone: string,
  names: readonly string[],
): Promise<ActionSelection> {
  const { consent } = await listsOverUsers(bench, usersOf(written(bench, undone)));
  await forgetBackups(bench, ports, consent);
  const { maxChangePercent } = bench.config.limits;
  // No run of the command's own yet: only who was seen together.
  const runId = runIdentity(bench.ports.clock.now()).id;
  const users = await usersInPlan(bench.ports, { names, actions: written(bench, undone), runId, maxChangePercent });
  return { users, members: null, rules: [], stores: [] };
}

/** What a run meant to write. */
function* written({ state }: Workbench, runId: string): Generator<PlanAction> {
  for (const { action } of state.journal.entriesOf(runId)) yield action;
}

/** Object ids of those whom it concerns. */
function usersOf(actions: Iterable<PlanAction>): readonly string[] {
  const ids = new Set<string>();
  for (const { user } of actions) if (user !== null) ids.add(user.id);
  return [...ids];
}

function runIdOf(bench: Workbench, wanted: string): string {
  const found = bench.state.records.runsNamed(wanted);
  const exact = found.find(({ head }) => head.id === wanted) ?? (found.length === 1 ? found[0] : undefined);
  if (exact !== undefined) return exact.head.id;
  throw new PhotodriftError(
    found.length === 0 ? "run-unknown" : "run-ambiguous",
    found.length === 0 ? `There is no run "${wanted}".` : `"${wanted}" is the beginning of ${found.length} runs.`,
    "`photodrift runs` lists the runs.",
    "usage",
  );
}
