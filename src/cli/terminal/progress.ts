import type { Progress } from "../../run/ports.js";
import { openJsonLog } from "./json-log.js";
import { loggedStep } from "./logged-progress.js";
import type { Terminal } from "./terminal.js";

export interface ProgressOptions {
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly jsonLogs: boolean;
}

const PAINT_EVERY_MS = 100;
const LINE_EVERY_MS = 15_000;
/** Back to the beginning of the line, and the line away. */
const WIPE = "\r\u001b[2K";

/**
 * Progress for people (a bar with rate and time left on a terminal, plain lines elsewhere) or as JSON lines. `quiet` keeps back progress and
 * notes, never a warning: what is about to go wrong - a list of people that was cut off, say - is not for the report alone.
 */
export function openProgress(terminal: Terminal, options: ProgressOptions): Progress {
  if (options.jsonLogs) return jsonProgress(options);
  return lineProgress(terminal, options);
}

interface Step {
  readonly name: string;
  readonly total: number | null;
  readonly startedAt: number;
  done: number;
  /** When it was last told of, where there is no bar. */
  toldAt: number;
}

function lineProgress(terminal: Terminal, options: ProgressOptions): Progress {
  const live = terminal.errIsTerminal && !options.quiet;
  const running = new Set<Step>();
  let paintedAt = 0;

  function paint(force: boolean): void {
    const now = Date.now();
    if (!live || running.size === 0 || (!force && now - paintedAt < PAINT_EVERY_MS)) return;
    paintedAt = now;
    terminal.err(`${WIPE}${bars([...running], now, terminal.width)}`);
  }
  function above(text: string): void {
    terminal.err(`${live && running.size > 0 ? WIPE : ""}${text}\n`);
    paint(true);
  }
  function tell(step: Step): void {
    const now = Date.now();
    if (live || options.quiet || now - step.toldAt < LINE_EVERY_MS) return;
    step.toldAt = now;
    terminal.err(`${bar(step, now)}\n`);
  }
  return {
    step(name, total) {
      const now = Date.now();
      const step: Step = { name, total: total ?? null, startedAt: now, done: 0, toldAt: now };
      running.add(step);
      paint(true);
      return {
        tick(count = 1) {
          step.done += count;
          paint(false);
          tell(step);
        },
        done() {
          running.delete(step);
          if (options.quiet) return;
          const seconds = (Date.now() - step.startedAt) / 1000;
          const count = step.done > 0 ? ` ${step.done.toLocaleString("en")}` : "";
          above(`${name}:${count} in ${seconds.toFixed(1)} s`);
        },
      };
    },
    note(message) {
      if (options.verbose && !options.quiet) above(message);
    },
    warn(message) {
      above(`warning: ${message}`);
    },
  };
}

/** Steps side by side in one line: a bar for the one that began first, counts for the others, as far as the line goes. */
function bars([first, ...others]: readonly Step[], now: number, width: number): string {
  if (first === undefined) return "";
  const more = others.map(({ name, done, total }) => ` · ${name} ${done}${total === null ? "" : `/${total}`}`);
  return `${bar(first, now)}${more.join("")}`.slice(0, Math.max(20, width - 1));
}

function bar(step: Step, now: number): string {
  const seconds = Math.max(0.001, (now - step.startedAt) / 1000);
  const rate = step.done / seconds;
  if (step.total === null || step.total === 0) return `${step.name} ${step.done} (${rate.toFixed(0)}/s)`;
  const share = Math.min(1, step.done / step.total);
  const filled = Math.round(share * 24);
  const left = rate > 0 ? `, ${duration((step.total - step.done) / rate)} left` : "";
  return `${step.name.padEnd(22)} ${"█".repeat(filled)}${"░".repeat(24 - filled)} ${step.done}/${step.total} (${rate.toFixed(0)}/s${left})`;
}

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(Math.max(0, seconds))} s`;
  return seconds < 3600 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

function jsonProgress(options: ProgressOptions): Progress {
  const level = options.quiet ? "warn" : options.verbose ? "debug" : "info";
  const log = openJsonLog(level);
  return {
    step: (name, total) => loggedStep(log, name, total),
    note: (message) => log.debug(message),
    warn: (message) => log.warn(message),
  };
}
