import { CronTime } from "cron";
import { messageOf } from "../model/caught.js";

/** The words the `cron` package knows in place of fields. */
const WORDS: { readonly [word: string]: string } = {
  "@yearly": "0 0 0 1 1 *",
  "@monthly": "0 0 0 1 * *",
  "@weekly": "0 0 0 * * 0",
  "@daily": "0 0 0 * * *",
  "@hourly": "0 0 * * * *",
  "@minutely": "0 * * * * *",
  "@secondly": "* * * * * *",
  "@weekdays": "0 0 0 * * 1-5",
  "@weekends": "0 0 0 * * 0,6",
};
/** Words that stand for five fields, such as `@daily`. */
export const CRON_WORDS: readonly string[] = Object.keys(WORDS);

const NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"] as const;
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

/** The values of each field, sorted; null where the field holds every value. */
export interface CronFields {
  readonly second: readonly number[] | null;
  readonly minute: readonly number[] | null;
  readonly hour: readonly number[] | null;
  readonly dayOfMonth: readonly number[] | null;
  readonly month: readonly number[] | null;
  /** 0 is Sunday. */
  readonly dayOfWeek: readonly number[] | null;
}

/**
 * What is wrong with an expression, as a phrase, or null. Beyond the syntax it finds expressions that never come true
 * (30 February).
 */
export function cronProblem(expression: string): string | null {
  if (expression.trim().startsWith("@") && !Object.hasOwn(WORDS, expression.trim().toLowerCase()))
    return "unknown word";
  try {
    new CronTime(expression.trim(), "UTC").getNextDateFrom(new Date(), "UTC");
    return null;
  } catch (error) {
    const message = messageOf(error);
    return isTooFar(error) ? "it never comes true" : message.charAt(0).toLowerCase() + message.slice(1);
  }
}

/** Whether the `cron` package gave up: it looks eight years ahead of today for a time, and no further. */
export function isTooFar(error: unknown): boolean {
  return error instanceof Error && /next 8 years/.test(error.message);
}

/** @param expression one that {@link cronProblem} has nothing against */
export function expandCron(expression: string): CronFields {
  const text = expression.trim().toLowerCase();
  const fields = (WORDS[text] ?? text).split(/\s+/);
  const [second, minute, hour, dayOfMonth, month, dayOfWeek] = fields.length === 5 ? ["0", ...fields] : fields;
  return {
    second: values(second, 0, 59),
    minute: values(minute, 0, 59),
    hour: values(hour, 0, 23),
    dayOfMonth: values(dayOfMonth, 1, 31),
    month: values(month, 1, 12),
    dayOfWeek: values(dayOfWeek, 0, 6),
  };
}

function values(field = "*", low: number, high: number): readonly number[] | null {
  const found = new Set<number>();
  for (const part of field.replaceAll("*", `${low}-${high}`).split(",")) {
    const [range = "", step] = part.split("/");
    const [from = "", to] = range.split("-");
    const first = value(from);
    const last = to !== undefined ? value(to) : step === undefined ? first : high;
    for (let at = first; at <= last; at += Number(step ?? 1)) found.add(high === 6 && at === 7 ? 0 : at);
  }
  return found.size > high - low ? null : [...found].sort((a, b) => a - b);
}

function value(text: string): number {
  const month = NAMES.findIndex((name) => name === text);
  if (month >= 0) return month + 1;
  const day = DAYS.findIndex((name) => name === text);
  return day >= 0 ? day : Number(text);
}
