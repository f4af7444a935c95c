import type { Argv } from "yargs";
import type { ReportFormat } from "../../model/formats.js";
import type { GlobalFlags, Invocation } from "../line/globals.js";
import { ALL_FORMATS, TEXT_ONLY } from "../terminal/formats.js";

/** One command of the program, as the command line sees it: what help tells of it, and where the rest of it is. */
export interface Command {
  /** Name and positionals, in the notation of yargs. */
  readonly words: string;
  readonly title: string;
  /** Formats in which it gives its result; null: it checks them itself, for its parts differ. */
  readonly formats: readonly ReportFormat[] | null;
  /** Its flags and its work with all that they need; loaded once it is chosen, for most of the time to start is loading. */
  load(): Promise<LoadedCommand>;
}

export interface LoadedCommand {
  flags(yargs: Argv): Argv;
  /** What shells offer for a flag or a word; what else is typed is refused by the command, which names the nearest. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  run(flags: GlobalFlags, invocation: Invocation): Promise<number>;
}

function loaded(
  flags: (yargs: Argv) => Argv<unknown>,
  run: (flags: never, invocation: Invocation) => Promise<number>,
  values: LoadedCommand["values"] = {},
): LoadedCommand {
  return {
    flags: (yargs) => flags(yargs),
    values,
    // yargs has checked and filled the flags that `flags` declares.
    run: (parsed, invocation) => run(parsed as never, invocation),
  };
}

function command(
  words: string,
  title: string,
  load: () => Promise<LoadedCommand>,
  formats: readonly ReportFormat[] | null = TEXT_ONLY,
): Command {
  return { words, title, formats, load };
}

/** Every command, in the order of the help text. */
export const COMMANDS: readonly Command[] = [
  command(
    "audit",
    "pull, compare, report drift; never writes to the tenant",
    async () => {
      const { auditFlags, auditCommand } = await import("./audit.js");
      const { FILTER_VALUES } = await import("../line/filters.js");
      return loaded(auditFlags, auditCommand, FILTER_VALUES);
    },
    ALL_FORMATS,
  ),
  command(
    "apply [plan]",
    "carry out a saved plan, or audit and apply in one go with --yes",
    async () => {
      const { applyFlags, applyCommand } = await import("./apply.js");
      const { FILTER_VALUES } = await import("../line/filters.js");
      return loaded(applyFlags, applyCommand, FILTER_VALUES);
    },
    ALL_FORMATS,
  ),
  command(
    "undo <run>",
    "put back what a run replaced, from its backups",
    async () => {
      const { undoFlags, undoCommand } = await import("./undo.js");
      return loaded(undoFlags, undoCommand);
    },
    ALL_FORMATS,
  ),
  command(
    "explain <user>",
    "everything known of one user, and what apply would do",
    async () => {
      const { explainFlags, explainCommand } = await import("./explain.js");
      return loaded(explainFlags, explainCommand);
    },
    ALL_FORMATS,
  ),
  command(
    "report [run]",
    "render a past run again, in any format",
    async () => {
      const { reportFlags, reportCommand } = await import("./report.js");
      return loaded(reportFlags, reportCommand);
    },
    ALL_FORMATS,
  ),
  command(
    "runs",
    "past runs with verdict, drift counts and cost",
    async () => {
      const { runsFlags, runsCommand } = await import("./runs.js");
      return loaded(runsFlags, runsCommand);
    },
    ALL_FORMATS,
  ),
  command(
    "masters",
    "every master with the user it fits, and why",
    async () => {
      const { mastersFlags, mastersCommand } = await import("./masters.js");
      return loaded(mastersFlags, mastersCommand);
    },
    ALL_FORMATS,
  ),
  command(
    "accept <users..>",
    "record the present photo of users as wanted",
    async () => {
      const { acceptFlags, acceptCommand } = await import("./accept.js");
      return loaded(acceptFlags, acceptCommand);
    },
    ALL_FORMATS,
  ),
  command(
    "decide [words..]",
    "take the decisions saved from the HTML report",
    async () => {
      const { decideFlags, decideCommand } = await import("./decide.js");
      return loaded(decideFlags, decideCommand);
    },
    ALL_FORMATS,
  ),
  command(
    "export <dir>",
    "download every cloud photo at its largest size",
    async () => {
      const { exportFlags, exportCommand } = await import("./export.js");
      return loaded(exportFlags, exportCommand);
    },
    ALL_FORMATS,
  ),
  command(
    "schedule <action> [name]",
    "run, list, next or export the files in schedules/",
    async () => {
      const { scheduleFlags, scheduleCommand, SCHEDULE_ACTIONS } = await import("./schedule.js");
      return loaded(scheduleFlags, scheduleCommand, { action: SCHEDULE_ACTIONS });
    },
    null,
  ),
  command(
    "fleet <action> [words..]",
    "many tenants on many machines: worker, plan, run, status, report, runs, undo, demo",
    async () => {
      const { FLEET_ACTIONS, fleetFlags } = await import("../fleet/flags.js");
      const { fleetCommand } = await import("./fleet.js");
      return loaded(fleetFlags, fleetCommand, { action: FLEET_ACTIONS });
    },
    null,
  ),
  command("setup", "make certificate, app registration and permissions for a tenant", async () => {
    const { setupFlags, setupCommand } = await import("./setup.js");
    return loaded(setupFlags, setupCommand);
  }),
  command(
    "doctor",
    "preflight: one line a check, with the cure",
    async () => {
      const { doctorFlags, doctorCommand } = await import("./doctor.js");
      return loaded(doctorFlags, doctorCommand);
    },
    ALL_FORMATS,
  ),
  command("init", "write a commented photodrift.yaml", async () => {
    const { initFlags, initCommand } = await import("./init.js");
    return loaded(initFlags, initCommand);
  }),
  command("sandbox <action> [pairs..]", "the emulated tenant: start, seed, set, stop", async () => {
    const { sandboxFlags, sandboxCommand, PROFILES, SANDBOX_ACTIONS } = await import("./sandbox.js");
    return loaded(sandboxFlags, sandboxCommand, { action: SANDBOX_ACTIONS, profile: PROFILES });
  }),
  command("completion [shell]", "print the completion script of a shell", async () => {
    const { completionFlags, completionCommand } = await import("./completion.js");
    const { SHELLS } = await import("../line/completion-scripts.js");
    return loaded(completionFlags, completionCommand, { shell: SHELLS });
  }),
  command(
    "demo",
    "audit a sandbox tenant with generated portraits",
    async () => {
      const { demoCommand } = await import("./demo.js");
      return loaded(
        (yargs) => yargs,
        (_flags, invocation) => demoCommand(invocation),
      );
    },
    ALL_FORMATS,
  ),
];
