import type { FilterFlags, NotifyFlag } from "./filters.js";
import { configFlag } from "./command-to-type.js";
import type { GlobalFlags } from "./globals.js";

/** Flags that say what a command does, and to whom; how its result looks is not among them. */
export interface DoingFlags extends Partial<FilterFlags>, Partial<NotifyFlag>, Pick<GlobalFlags, "config"> {
  readonly "max-changes"?: number | undefined;
  readonly force?: boolean;
}

/** The flags that were typed, for the command that goes on from there: it must not do more than this one. Defaults are left out. */
export function typedFlags(flags: DoingFlags): readonly string[] {
  const several = (["user", "group", "rule", "store"] as const).flatMap((name) =>
    (flags[name] ?? []).flatMap((value) => [`--${name}`, value]),
  );
  const set = (["full", "force", "exit-zero"] as const).flatMap((name) => (flags[name] === true ? [`--${name}`] : []));
  const { "max-changes": most, "fail-on": failOn = "warning" } = flags;
  return [
    ...several,
    ...set,
    ...(most === undefined ? [] : ["--max-changes", String(most)]),
    ...(failOn === "warning" ? [] : ["--fail-on", failOn]),
    ...(flags.notify === false ? ["--no-notify"] : []),
    ...configFlag(flags.config),
  ];
}
