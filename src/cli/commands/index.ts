import type { Argv } from "yargs";
import type { ReportFormat } from "../../report/index.js";
import type { GlobalFlags, Invocation } from "../globals.js";
import { ALL_FORMATS, TEXT_ONLY } from "../results.js";
import { acceptCommand, acceptFlags } from "./accept.js";
import { applyCommand, applyFlags } from "./apply.js";
import { auditCommand, auditFlags } from "./audit.js";
import { completionCommand, completionFlags } from "./completion.js";
import { decideCommand, decideFlags } from "./decide.js";
import { demoCommand } from "./demo.js";
import { doctorCommand, doctorFlags } from "./doctor.js";
import { explainCommand, explainFlags } from "./explain.js";
import { exportCommand, exportFlags } from "./export.js";
import { initCommand, initFlags } from "./init.js";
import { mastersCommand, mastersFlags } from "./masters.js";
import { reportCommand, reportFlags } from "./report.js";
import { runsCommand, runsFlags } from "./runs.js";
import { sandboxCommand, sandboxFlags } from "./sandbox.js";
import { scheduleCommand, scheduleFlags } from "./schedule.js";
import { setupCommand, setupFlags } from "./setup.js";
import { undoCommand, undoFlags } from "./undo.js";

/** One command of the program, as the command line sees it. */
export interface Command {
  /** Name and positionals, in the notation of yargs. */
  readonly words: string;
  readonly title: string;
  /** Formats in which it gives its result; null: it checks them itself, for its parts differ. */
  readonly formats: readonly ReportFormat[] | null;
  flags(yargs: Argv): Argv;
  run(flags: GlobalFlags, invocation: Invocation): Promise<number>;
}

function command<Flags extends GlobalFlags>(
  words: string,
  title: string,
  flags: (yargs: Argv) => Argv<unknown>,
  run: (flags: Flags, invocation: Invocation) => Promise<number>,
  formats: readonly ReportFormat[] | null = TEXT_ONLY,
): Command {
  return {
    words,
    title,
    formats,
    flags: (yargs) => flags(yargs),
    // yargs has checked and filled the flags that `flags` declares.
    run: (parsed, invocation) => run(parsed as Flags, invocation),
  };
}

/** Every command, in the order of the help text. */
export const COMMANDS: readonly Command[] = [
  command("audit", "pull, compare, report drift; never writes to the tenant", auditFlags, auditCommand, ALL_FORMATS),
  command(
    "apply [plan]",
    "carry out a saved plan, or audit and apply in one go with --yes",
    applyFlags,
    applyCommand,
    ALL_FORMATS,
  ),
  command("undo <run>", "put back what a run replaced, from its backups", undoFlags, undoCommand, ALL_FORMATS),
  command(
    "explain <user>",
    "everything known of one user, and what apply would do",
    explainFlags,
    explainCommand,
    ALL_FORMATS,
  ),
  command("report [run]", "render a past run again, in any format", reportFlags, reportCommand, ALL_FORMATS),
  command("runs", "past runs with verdict, drift counts and cost", runsFlags, runsCommand, ALL_FORMATS),
  command("masters", "every master with the user it fits, and why", mastersFlags, mastersCommand, ALL_FORMATS),
  command("accept <users..>", "record the present photo of users as wanted", acceptFlags, acceptCommand, ALL_FORMATS),
  command("decide [words..]", "take the decisions saved from the HTML report", decideFlags, decideCommand, ALL_FORMATS),
  command("export <dir>", "download every cloud photo at its largest size", exportFlags, exportCommand, ALL_FORMATS),
  command(
    "schedule <action> [name]",
    "run, list, next or export the files in schedules/",
    scheduleFlags,
    scheduleCommand,
    null,
  ),
  command("setup", "make certificate, app registration and permissions for a tenant", setupFlags, setupCommand),
  command("doctor", "preflight: one line a check, with the cure", doctorFlags, doctorCommand, ALL_FORMATS),
  command("init", "write a commented photodrift.yaml", initFlags, initCommand),
  command("sandbox <action> [pairs..]", "the emulated tenant: start, seed, set, stop", sandboxFlags, sandboxCommand),
  command("completion [shell]", "print the completion script of a shell", completionFlags, completionCommand),
  command(
    "demo",
    "audit a sandbox tenant with generated portraits",
    (yargs) => yargs,
    (_flags, invocation) => demoCommand(invocation),
    ALL_FORMATS,
  ),
];
