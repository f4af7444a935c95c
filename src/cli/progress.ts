import type { Progress } from "../run/ports.js";
import { openJsonLog } from "./json-log.js";
import type { Terminal } from "./terminal.js";

export interface ProgressOptions {
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly jsonLogs: boolean;
}

const PAINT_EVERY_MS = 100;
const LINE_EVERY_MS = 15_000;

/** Progress for people (a bar with rate and time left on a terminal, plain lines elsewhere) or as JSON lines. */
export function openProgress(terminal: Terminal, options: ProgressOptions): Progress {
  if (options.jsonLogs) return jsonProgress(options);
  return lineProgress(terminal, options);
}

interface Step {
  readonly name: string;
  readonly total: number | null;
  readonly startedAt: number;
  done: number;
}

function lineProgress(terminal: Terminal, options: ProgressOptions): Progress {
  const live = terminal.errIsTerminal && !options.quiet;
  let step: Step | null = null;
  let paintedAt = 0;

  function paint(force: boolean): void {
    if (step === null || options.quiet) return;
    const now = Date.now();
    if (!force && now - paintedAt < (live ? PAINT_EVERY_MS : LINE_EVERY_MS)) return;
    paintedAt = now;
    if (live) terminal.err(`\r\u001b[2K${bar(step, now)}`);
    else if (!force) terminal.err(`${bar(step, now)}\n`);
  }
  function above(text: string): void {
    terminal.err(`${live && step !== null ? "\r\u001b[2K" : ""}${text}\n`);
    paint(true);
  }
  return {
    step(name, total) {
      step = { name, total: total ?? null, startedAt: Date.now(), done: 0 };
      paintedAt = Date.now();
      paint(true);
    },
    tick(count = 1) {
      if (step !== null) step.done += count;
      paint(false);
    },
    done() {
      if (step === null) return;
      const seconds = (Date.now() - step.startedAt) / 1000;
      if (!options.quiet) {
        const count = step.done > 0 ? ` ${step.done.toLocaleString("en")}` : "";
        terminal.err(`${live ? "\r\u001b[2K" : ""}${step.name}:${count} in ${seconds.toFixed(1)} s\n`);
      }
      step = null;
    },
    note(message) {
      if (options.verbose && !options.quiet) above(message);
    },
    warn(message) {
      if (!options.quiet) above(`warning: ${message}`);
    },
  };
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
  const level = options.quiet ? "error" : options.verbose ? "debug" : "info";
  const log = openJsonLog(level);
  let step: Step | null = null;
  return {
    step(name, total) {
      step = { name, total: total ?? null, startedAt: Date.now(), done: 0 };
      log.debug({ step: name, total: total ?? null }, "step begins");
    },
    tick(count = 1) {
      if (step !== null) step.done += count;
    },
    done() {
      if (step !== null) log.info({ step: step.name, count: step.done, ms: Date.now() - step.startedAt }, "step done");
      step = null;
    },
    note: (message) => log.debug(message),
    warn: (message) => log.warn(message),
  };
}
