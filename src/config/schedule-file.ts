import { basename, dirname, resolve } from "node:path";
import { STORE_NAMES } from "../model/address.js";
import { RULE_IDS } from "../model/rule.js";
import { REPORT_FORMATS } from "../model/formats.js";
import type { Schedule } from "../model/schedule.js";
import { checkYaml, valueAt, type CrossCheck } from "./check.js";
import { checkNotify } from "./cross-checks.js";
import { duration, flag, listOf, oneOf, path, section, text } from "./fields.js";
import { toNotify } from "./load.js";
import { nearMiss } from "../model/near-miss.js";
import { didYouMean } from "./problems.js";
import { readTextFile } from "./read-file.js";
import { notificationSchema } from "./schema.js";

/** What the file is checked against beyond its form. */
export interface ScheduleChecks {
  /** What is wrong with a cron expression, or null. */
  readonly cronProblem: (expression: string) => string | null;
  readonly cronWords: readonly string[];
  readonly isTimeZone: (name: string) => boolean;
  /** Absolute path of the config for schedules that name none. */
  readonly defaultConfig: string;
}

const name = text(
  "a name of letters, digits, dots, hyphens and underscores, at most 80",
  /^(?!\.)[\p{L}\p{N}][\p{L}\p{N}._-]{0,79}$/u,
);

export const scheduleSchema = section({
  name: name.optional(),
  config: path("a photodrift.yaml").optional(),
  cron: text("five fields (minute hour day month weekday), six with seconds first, or a word such as @daily"),
  timezone: text("a time zone such as Europe/Berlin").default("UTC"),
  mode: oneOf(["audit", "apply"]).default("audit"),
  stores: listOf(oneOf(STORE_NAMES), "a list of stores").default([]),
  rules: listOf(oneOf(RULE_IDS), "a list of rules").default([]),
  users: listOf(text("the UPN or object id of a user"), "a list of users").default([]),
  groups: listOf(text("the object id of a group"), "a list of group object ids").default([]),
  full: flag().default(false),
  suspend: flag().default(false),
  jitter: duration().default(0),
  formats: listOf(oneOf(REPORT_FORMATS), "a list of report formats").default(["html", "json"]),
  notify: listOf(notificationSchema, "a list of notifications, each with a kind").optional(),
  onlyOn: listOf(text("a host name"), "a list of host names").default([]),
});

/**
 * Reads one file of `schedules/`, with the same places, near misses and `${NAME}` as the configuration.
 * @throws ConfigError `config-missing` or `config-invalid`
 */
export function loadSchedule(path: string, env: NodeJS.ProcessEnv, checks: ScheduleChecks): Schedule {
  const content = readTextFile(path, "Type `photodrift schedule list` to see the schedules there are.");
  const file = resolve(path);
  const parsed = checkYaml(path, content, scheduleSchema, env, crossChecks(checks));
  return {
    name: parsed.name ?? basename(file).replace(/\.ya?ml$/i, ""),
    file,
    config: parsed.config === undefined ? checks.defaultConfig : resolve(dirname(file), parsed.config),
    cron: parsed.cron.trim(),
    timezone: parsed.timezone,
    mode: parsed.mode,
    stores: parsed.stores,
    rules: parsed.rules,
    users: parsed.users,
    groups: parsed.groups,
    full: parsed.full,
    suspend: parsed.suspend,
    jitterMs: parsed.jitter,
    formats: parsed.formats,
    notify: parsed.notify?.map(toNotify) ?? null,
    onlyOn: parsed.onlyOn.map((host) => host.toLowerCase()),
  };
}

function crossChecks(checks: ScheduleChecks): CrossCheck {
  return (raw, report) => {
    const cron = valueAt(raw, ["cron"]);
    const problem = typeof cron === "string" && cron.trim() !== "" ? checks.cronProblem(cron) : null;
    if (typeof cron === "string" && problem !== null) {
      const meant = cron.trim().startsWith("@") ? nearMiss(cron, checks.cronWords) : null;
      const words = checks.cronWords.join(" ");
      const expected = `five fields (minute hour day month weekday), six with seconds first, or one of ${words}`;
      report(["cron"], `"${cron}" is no cron expression: ${problem}, expected ${expected}${didYouMean(meant)}`);
    }
    const zone = valueAt(raw, ["timezone"]);
    if (typeof zone === "string" && !checks.isTimeZone(zone)) {
      const meant = nearMiss(zone, ["UTC", ...Intl.supportedValuesOf("timeZone")]);
      report(
        ["timezone"],
        `"${zone}" is no time zone, expected an IANA name such as Europe/Berlin${didYouMean(meant)}`,
      );
    }
    checkNotify(raw, ["notify"], report);
  };
}
