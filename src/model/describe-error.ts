import { PhotodriftError } from "./errors.js";
import { systemError } from "./system-errors.js";
import { messageOf } from "./caught.js";

/** What a run failed with, as people are told it: free of secrets. */
export interface Failure {
  readonly message: string;
  /** What to do, "" where there is nothing. */
  readonly hint: string;
}

/** A failure in one line for a log or record. */
export function describeFailure({ message, hint }: Failure): string {
  return `${message} ${hint}`.replaceAll(/\s+/gu, " ").trim();
}

/** An error in one line for a log or record. Code and message of our own errors are free of secrets; of others only the message's first line is kept. */
export function describeError(error: unknown): string {
  if (error instanceof PhotodriftError) return `${error.code}: ${error.message} ${error.hint}`.trim();
  const known = systemError(error);
  if (known !== null) return `${known.code}: ${known.what}. ${known.cure}`;
  const text = messageOf(error);
  return (text.split("\n")[0] ?? "").slice(0, 500);
}
