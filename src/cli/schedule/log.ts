import type { Progress } from "../../run/ports.js";
import type { ScheduleLog } from "../../schedule/index.js";
import type { Invocation } from "../line/globals.js";
import { openJsonLog } from "../terminal/json-log.js";

/** The daemon's log on standard error: plain lines with UTC times, or JSON lines. */
export function scheduleLog(invocation: Pick<Invocation, "jsonLogs" | "quiet" | "terminal" | "log">): ScheduleLog {
  const shown = shownLog(invocation);
  const { log } = invocation;
  if (log === null) return shown;
  return {
    info(message, fields) {
      log.info(fields ?? {}, message);
      shown.info(message, fields);
    },
    warn(message, fields) {
      log.warn(fields ?? {}, message);
      shown.warn(message, fields);
    },
    error(message, fields) {
      log.error(fields ?? {}, message);
      shown.error(message, fields);
    },
  };
}

function shownLog(invocation: Pick<Invocation, "jsonLogs" | "quiet" | "terminal">): ScheduleLog {
  if (invocation.jsonLogs) {
    const level = invocation.quiet ? "warn" : "info";
    const log = openJsonLog(level);
    return {
      info: (message, fields) => log.info(fields ?? {}, message),
      warn: (message, fields) => log.warn(fields ?? {}, message),
      error: (message, fields) => log.error(fields ?? {}, message),
    };
  }
  const line = (level: string, message: string): void =>
    invocation.terminal.err(`${new Date().toISOString()} ${level}${message}\n`);
  return {
    info: (message) => (invocation.quiet ? undefined : line("", message)),
    warn: (message) => line("warning: ", message),
    error: (message) => line("error: ", message),
  };
}

/** Of a run that nobody watches, warnings go to the log, and with --verbose its notes. */
export function daemonProgress(log: ScheduleLog, verbose: boolean): Progress {
  return {
    step: () => ({ tick: () => undefined, done: () => undefined }),
    note: (message) => (verbose ? log.info(message) : undefined),
    warn: (message) => log.warn(message),
  };
}
