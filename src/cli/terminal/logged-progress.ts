import type { Logger } from "pino";
import type { Progress, ProgressStep } from "../../run/ports.js";

/** Tells both; the log gets steps with their counts and times, never ticks. */
export function loggedProgress(progress: Progress, log: Logger): Progress {
  return {
    step(name, total) {
      const shown = progress.step(name, total);
      const logged = loggedStep(log, name, total);
      return {
        tick(count = 1) {
          logged.tick(count);
          shown.tick(count);
        },
        done() {
          logged.done();
          shown.done();
        },
      };
    },
    note(message) {
      log.debug(message);
      progress.note(message);
    },
    warn(message) {
      log.warn(message);
      progress.warn(message);
    },
  };
}

/** One step as two lines of a log: that it begins, and what it came to. */
export function loggedStep(log: Logger, name: string, total: number | undefined): ProgressStep {
  const startedAt = Date.now();
  let count = 0;
  log.debug({ step: name, total: total ?? null }, "step begins");
  return {
    tick: (more = 1) => void (count += more),
    done: () => log.info({ step: name, count, ms: Date.now() - startedAt }, "step done"),
  };
}
