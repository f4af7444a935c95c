import type { Argv } from "yargs";
import { STORE_NAMES } from "../../model/address.js";
import { isRuleId, RULE_IDS, SEVERITIES, type Severity } from "../../model/rule.js";
import type { Filters } from "../compose.js";
import { unknownName } from "./unknown-name.js";

export interface FilterFlags {
  readonly user: string[] | undefined;
  readonly group: string[] | undefined;
  readonly rule: string[] | undefined;
  readonly store: string[] | undefined;
  readonly full: boolean;
  readonly "fail-on": string;
  readonly "exit-zero": boolean;
}

export function withUserFlag<T>(yargs: Argv<T>): Argv<T & Pick<FilterFlags, "user">> {
  return yargs.option("user", {
    type: "string",
    array: true,
    nargs: 1,
    describe: "only this user (UPN or object id); repeatable",
  });
}

export function withFilterFlags<T>(yargs: Argv<T>): Argv<T & FilterFlags> {
  return withUserFlag(yargs)
    .option("group", { type: "string", array: true, nargs: 1, describe: "only members of this group (id); repeatable" })
    .option("rule", { type: "string", array: true, nargs: 1, describe: "only this rule; repeatable" })
    .option("store", {
      type: "string",
      array: true,
      nargs: 1,
      describe: "only entra, exchange or sharepoint; repeatable",
    })
    .option("full", { type: "boolean", default: false, describe: "trust no cached etag, read every image again" })
    .option("fail-on", {
      type: "string",
      default: "warning",
      describe: "least severity that makes exit code 2: info, warning, error, critical",
    })
    .option("exit-zero", { type: "boolean", default: false, describe: "exit 0 although there is drift" });
}

export interface NotifyFlag {
  readonly notify: boolean;
}

export function withNotifyFlag<T>(yargs: Argv<T>): Argv<T & NotifyFlag> {
  return yargs.option("notify", {
    type: "boolean",
    default: true,
    describe: "tell the receivers of `notify` (--no-notify)",
  });
}

/** What the filters take, as far as it does not depend on the tenant. */
export const FILTER_VALUES = { rule: RULE_IDS, store: STORE_NAMES, "fail-on": SEVERITIES } as const;

/** Checks the filters. Throws PhotodriftError (usage) with the nearest name. */
export function filtersOf(flags: FilterFlags): Filters {
  const rules = (flags.rule ?? []).map((rule) => {
    if (isRuleId(rule)) return rule;
    throw unknownName("rule", rule, RULE_IDS);
  });
  const stores = (flags.store ?? []).map((store) => {
    const found = STORE_NAMES.find((name) => name === store);
    if (found === undefined) throw unknownName("store", store, STORE_NAMES);
    return found;
  });
  return { users: flags.user ?? [], groups: flags.group ?? [], rules, stores, full: flags.full };
}

export function failOnOf(flags: Pick<FilterFlags, "fail-on">): Severity {
  const found = SEVERITIES.find((severity) => severity === flags["fail-on"]);
  if (found === undefined) throw unknownName("severity", flags["fail-on"], SEVERITIES);
  return found;
}
