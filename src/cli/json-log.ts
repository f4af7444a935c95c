import pino, { type Logger } from "pino";

/** JSON lines on standard error: `level` by name, `time` in ISO 8601 UTC, `message` - the same members as the line of an error. */
export function openJsonLog(level: "debug" | "info" | "error"): Logger {
  return pino(
    {
      level,
      base: null,
      messageKey: "message",
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (name) => ({ level: name }) },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
