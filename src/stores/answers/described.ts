import type { z } from "zod";

/** What an answer gave: the values that were asked for, or why it counts as not read. */
export type Reading<T> =
  { readonly kind: "read"; readonly value: T } | { readonly kind: "not-read"; readonly because: string };

/** Why an answer is not read that is about somebody else: in a batch it tells that parts were mixed up. */
export const ANOTHER_USER = "it is about another user";

/** One kind of answer, described: which fields must be there, of which type and range, and whose they are. */
export interface Described<T> {
  /** The answer as parsed JSON; anything else than what was described is not read. `because` is a clause: "it lacks width". */
  read(answer: unknown): Reading<T>;
}

/**
 * An answer with the shape of `schema`.
 * @param identity says what is wrong where the answer is about something else than was asked for, or null
 */
export function described<Schema extends z.ZodType>(
  schema: Schema,
  identity: (value: z.output<Schema>) => string | null = () => null,
): Described<z.output<Schema>> {
  return {
    read(answer) {
      const parsed = schema.safeParse(answer);
      if (!parsed.success) return notRead(wordsOf(parsed.error));
      const wrong = identity(parsed.data);
      return wrong === null ? read(parsed.data) : notRead(wrong);
    },
  };
}

export function read<T>(value: T): Reading<T> {
  return { kind: "read", value };
}

export function notRead(because: string): { readonly kind: "not-read"; readonly because: string } {
  return { kind: "not-read", because };
}

/** The JSON of a body. A sign-in page or a half object where JSON was asked for is not read. */
export function jsonOf(body: Buffer | string): Reading<unknown> {
  const text = (typeof body === "string" ? body : body.toString("utf8")).replace(/^\uFEFF/, "");
  try {
    return read(JSON.parse(text) as unknown);
  } catch {
    if (text.trim() === "") return notRead("it is empty");
    return notRead(
      /^\s*</.test(text) ? "it is a web page where JSON was asked for" : "it is no valid JSON, or only a part of it",
    );
  }
}

/** A body read as the described answer. */
export function readBody<T>(answer: Described<T>, body: Buffer | string): Reading<T> {
  const json = jsonOf(body);
  return json.kind === "read" ? answer.read(json.value) : json;
}

/** The first fault in words. Values are never repeated: they may be employee data. */
function wordsOf(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return "it has not the form that was asked for";
  const field = issue.path.map(String).join(".");
  return field === "" ? `its form is wrong (${issue.message})` : `its field ${field} is unusable (${issue.message})`;
}
