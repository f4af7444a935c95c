/**
 * The classes an error can have for the exit code: `failed` 1, `refused` 3, `incomplete` 4, `usage` 64.
 */
export type ErrorClass = "failed" | "refused" | "incomplete" | "usage";

/** An error for people: what happened, and what to do. Secrets never reach `message` or `hint`. */
export class PhotodriftError extends Error {
  readonly code: string;
  readonly hint: string;
  readonly errorClass: ErrorClass;

  constructor(code: string, message: string, hint: string, errorClass: ErrorClass = "failed", cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "PhotodriftError";
    this.code = code;
    this.hint = hint;
    this.errorClass = errorClass;
  }
}
