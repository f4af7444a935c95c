import { createRequire } from "node:module";
import type { DestinationStream, Logger } from "pino";
import { currentRun } from "./run-scope.js";

const load = createRequire(import.meta.url);
/** Loaded where a log is written: most commands write none. */
const library = (): typeof import("pino").default => load("pino") as typeof import("pino").default;

export type LogLevel = "debug" | "info" | "warn" | "error";

/** JSON lines on standard error; see loggerTo. */
export function openJsonLog(level: LogLevel): Logger {
  return loggerTo(level, library().destination({ dest: 2, sync: true }));
}

/**
 * JSON lines: `level` by name, `time` in ISO 8601 UTC, `run` (null before it begins), `message` - the same members as the line of an error.
 */
export function loggerTo(level: LogLevel, destination: DestinationStream): Logger {
  const pino = library();
  return pino(
    {
      level,
      base: null,
      messageKey: "message",
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (name) => ({ level: name }) },
      mixin: () => ({ run: currentRun() }),
    },
    destination,
  );
}
