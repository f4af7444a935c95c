import colours from "picocolors";
import type { Argv } from "yargs";
import { loadConfigWithoutFiles } from "../../config/index.js";
import { ACCESS_MODES, type AccessMode } from "../../model/permissions.js";
import { plain } from "../../model/text.js";
import type { Probe } from "../../stores/index.js";
import { examine } from "../doctor/index.js";
import { EXIT } from "../../model/exit-codes.js";
import { cureToType, withConfig } from "../line/command-to-type.js";
import type { GlobalFlags, Invocation } from "../line/globals.js";
import { writeList } from "../terminal/results.js";

export interface DoctorFlags extends GlobalFlags {
  readonly mode: AccessMode | undefined;
  /** Of `setup`, which has just granted what notices by mail need. */
  readonly notify?: readonly string[] | undefined;
}

export function doctorFlags<T>(yargs: Argv<T>) {
  return yargs.option("mode", {
    type: "string",
    choices: ACCESS_MODES,
    describe:
      "judge the permissions for reading only (audit) or for writing too (apply); by what is granted when left out",
  });
}

/** A check with its outcome and how long it took, milliseconds. */
type Check = Probe & { readonly level: "ok" | "warning" | "fail"; readonly ms: number };

/** Preflight: one line a check, with the cure where it failed. Exit code 1 when anything a run needs is missing. */
export async function doctorCommand(flags: DoctorFlags, invocation: Invocation): Promise<number> {
  const { terminal } = invocation;
  const { config, missing } = loadConfigWithoutFiles(invocation.configPath, invocation.env);
  // Text is told line by line, as the checks go; the other formats when all is known.
  const told = invocation.outputs.every(({ format, file }) => format === "text" && file === null);
  const mail = flags.notify?.includes("mail") === true || config.notify.some(({ kind }) => kind === "mail");
  const examination = { config, missing, mode: flags.mode ?? null, mail };
  const checks: Check[] = [];
  let since = performance.now();
  for await (const probe of examine(examination, invocation)) {
    const now = performance.now();
    const level = probe.ok ? (probe.warning === true ? "warning" : "ok") : "fail";
    const cure = cureToType(probe.cure, flags.config);
    const check: Check = { ...probe, cure, level, ms: Math.round(now - since) };
    since = now;
    checks.push(check);
    if (told) await terminal.out(lineOf(check, terminal.color));
  }
  const failed = checks.filter(({ ok }) => !ok).length;
  const footer = `\n${summary(checks, invocation)}`;
  if (told) await terminal.out(footer);
  else {
    const list = checks.map(({ name, level, ok, detail, cure, ms }) => ({ name, ok, level, detail, cure, ms }));
    await writeList(invocation, {
      title: "Checks",
      columns: ["check", "level", "detail", "cure"],
      rows: list.map(({ name, level, detail, cure }) => [name, level, detail, cure]),
      json: { ok: failed === 0, checks: list },
      text: checks.map((check) => lineOf(check, false)).join(""),
      footer,
    });
  }
  return failed === 0 ? EXIT.ok : EXIT.failed;
}

function summary(checks: readonly Check[], { configPath }: Pick<Invocation, "configPath">): string {
  const count = (level: Check["level"]) => checks.filter((check) => check.level === level).length;
  const failed = count("fail");
  const warned = count("warning");
  const warnings =
    warned === 0 ? "" : ` ${warned} of ${checks.length} checks ${warned === 1 ? "has" : "have"} a warning.`;
  if (failed > 0) return `${failed} of ${checks.length} checks failed.${warnings}\n`;
  return `Everything is in place.${warnings} Next: ${withConfig(configPath, "audit")}\n`;
}

const MARKS = { ok: ["ok  ", "green"], warning: ["warn", "yellow"], fail: ["FAIL", "red"] } as const;

function lineOf({ name, level, detail, cure, ms }: Check, color: boolean): string {
  const [mark, colour] = MARKS[level];
  const painted = colours.createColors(color)[colour](mark);
  const took = ms < 100 ? "" : ` (${(ms / 1000).toFixed(1)} s)`;
  return `${painted}  ${name}: ${plain(detail)}${took}\n${cure === "" ? "" : `      cure: ${plain(cure)}\n`}`;
}
