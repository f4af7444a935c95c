import { isatty } from "node:tty";
import colours from "picocolors";
import { PhotodriftError } from "../../model/errors.js";
import { codeOfError } from "../../model/system-errors.js";
import { isAbort } from "../exit-codes.js";
import { messageOf } from "../../model/caught.js";

/** Where output goes and how it looks. Results go to `out`, everything else to `err`. */
export interface Terminal {
  /** Resolves when the text is written; false once nobody reads any more: the rest need not be rendered. Rejects where it cannot be written. */
  out(text: string): Promise<boolean>;
  err(text: string): void;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  readonly width: number;
  /** Whether results, and what people read beside them, are in colours: each stream by itself. */
  readonly color: boolean;
  readonly errColor: boolean;
}

const OUT = 1;
const ERR = 2;

/**
 * Whether a stream is written in colours: a terminal that can show them, and nobody forbade them. A pipe or a file is never coloured, whatever
 * the environment says of colours (build servers set CI and FORCE_COLOR): programs read it.
 * @param fd of the stream
 * @param noColor --no-color
 */
export function isColored(fd: number, noColor: boolean, env: NodeJS.ProcessEnv): boolean {
  return !noColor && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb" && isatty(fd);
}

/** The same for standard error. */
export function isErrorColored(noColor: boolean, env: NodeJS.ProcessEnv): boolean {
  return isColored(ERR, noColor, env);
}

export function openTerminal(noColor: boolean, env: NodeJS.ProcessEnv): Terminal {
  const { stdout, stderr } = process;
  // Without a place for messages the exit code still tells.
  stderr.on("error", () => undefined);
  return {
    out: writerTo(stdout),
    err: (text) => void stderr.write(text),
    outIsTerminal: isatty(OUT),
    errIsTerminal: isatty(ERR),
    width: Math.min(160, Math.max(80, columnsOf(stdout.columns, env))),
    color: isColored(OUT, noColor, env),
    errColor: isColored(ERR, noColor, env),
  };
}

/**
 * Writes to a stream. A reader that closes the pipe early (`| head`) is no error, and none of the command's: what is left of its work -
 * records, notifications, its exit code - stands, and later writes go nowhere. Any other trouble is told by the write that meets it.
 */
export function writerTo(stream: Pick<NodeJS.WriteStream, "on" | "write">): Terminal["out"] {
  let closed = false;
  let broken: Error | null = null;
  const named = (error: Error): Error => Object.assign(error, { path: "standard output" });
  stream.on("error", (error: Error) => {
    if (isClosedPipe(error)) closed = true;
    else broken ??= named(error);
  });
  return (text) =>
    new Promise((resolve, reject) => {
      if (closed) return resolve(false);
      stream.write(text, (error) => {
        if (error === null || error === undefined) return resolve(true);
        // The write hears of it before the stream tells.
        if (isClosedPipe(error)) closed = true;
        return closed ? resolve(false) : reject(broken ?? named(error));
      });
    });
}

/** Windows says EOF where others say EPIPE. */
function isClosedPipe(error: Error): boolean {
  return ["EPIPE", "EOF"].includes(codeOfError(error));
}

const USUAL_COLUMNS = 100;

/** Columns of the terminal, else of COLUMNS (which a pager or CI sets), else 100. */
export function columnsOf(columns: number | undefined, env: NodeJS.ProcessEnv): number {
  const told = Number(env["COLUMNS"]);
  return columns ?? (Number.isInteger(told) && told > 0 ? told : USUAL_COLUMNS);
}

/** What people read when something went wrong: what happened, and the cure. Never a stack trace. */
export function errorText(error: unknown, color: boolean): string {
  const { red } = colours.createColors(color);
  if (isAbort(error)) return "Interrupted. What was done is recorded; run the same command again to go on.\n";
  if (error instanceof PhotodriftError) {
    return `${red("error:")} ${error.message}\n${error.hint === "" ? "" : `  cure: ${error.hint}\n`}`;
  }
  const message = messageOf(error);
  return `${red("error:")} unexpected failure: ${message}\n  cure: Run again with --verbose; if it stays, report it with that output.\n`;
}
