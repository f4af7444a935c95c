import { byText } from "../model/ids.js";
import type { PlanHead } from "../model/plan.js";
import type { PlanAction } from "../model/plan-action.js";

/** JSON with sorted keys and no spaces: equal values give equal text, however a file was laid out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => byText(a, b))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(",")}}`;
  }
  return value === undefined ? "null" : JSON.stringify(value);
}

/** The text whose SHA-256 is a plan's digest, in pieces: the head, then every action. */
export function* planDigestText(head: PlanHead, actions: Iterable<PlanAction>): Iterable<string> {
  yield `${canonicalJson(head)}\n`;
  for (const action of actions) yield `${canonicalJson(action)}\n`;
}
