import { z } from "zod";
import { planFileSchema } from "../model/plan.js";

/** JSON Schema (draft 2020-12) of the plan file. */
export function planSchema(): object {
  return { ...z.toJSONSchema(planFileSchema, { io: "input" }), title: "photodrift plan" };
}

/** What is wrong with a document, each with its path (`after.side: expected number, received string`); at most a line each. */
export function problemsOf(error: z.ZodError): readonly string[] {
  return error.issues.map((issue) => {
    const path = issue.path.map(String).join(".").slice(0, 200);
    return `${path === "" ? "" : `${path}: `}${wordsOf(issue).slice(0, 200)}`;
  });
}

function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type" && issue.message.endsWith("received undefined")) return "is missing";
  return issue.message.replace(/^Invalid input: /, "");
}
