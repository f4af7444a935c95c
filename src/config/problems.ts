import { PhotodriftError } from "../model/errors.js";

/** One thing to correct in a file. Line and column count from 1. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Dotted key, `notify[0].url`; "" for the file as a whole. */
  readonly key: string;
  /** What was wrong and what was expected. Never holds a secret. */
  readonly message: string;
}

/** `file:line:column: key: message` - the form editors and terminals turn into a link. */
export function formatProblem(problem: Problem): string {
  const where = `${problem.file}:${problem.line}:${problem.column}`;
  return problem.key === "" ? `${where}: ${problem.message}` : `${where}: ${problem.key}: ${problem.message}`;
}

/** Every problem of a configuration or schedule file at once; exit code 64. */
export class ConfigError extends PhotodriftError {
  override readonly code: "config-invalid" | "config-missing";
  readonly problems: readonly Problem[];

  constructor(
    code: "config-invalid" | "config-missing",
    message: string,
    hint: string,
    problems: readonly Problem[] = [],
  ) {
    super(code, message, hint, "usage");
    this.name = "ConfigError";
    this.code = code;
    this.problems = problems;
  }
}

/** The error for a file with problems, sorted by place; what two checks say in the same words is told once. */
export function invalidFile(file: string, problems: readonly Problem[]): ConfigError {
  const told = new Map(problems.map((problem) => [formatProblem(problem), problem]));
  const sorted = [...told.values()].sort((a, b) => a.line - b.line || a.column - b.column);
  const count = sorted.length === 1 ? "1 problem" : `${sorted.length} problems`;
  return new ConfigError(
    "config-invalid",
    `${file} has ${count}:\n${sorted.map((problem) => `  ${formatProblem(problem)}`).join("\n")}`,
    "Correct these lines and start again.",
    sorted,
  );
}

/** ` (did you mean "x"?)`, or nothing. */
export function didYouMean(candidate: string | null): string {
  return candidate === null ? "" : ` (did you mean "${candidate}"?)`;
}
