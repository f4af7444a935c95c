import { byId, count, el } from "./dom.js";
import { canDecide, countDecided, decidedHere, KIND_WORDS, KINDS, type Kind, type Question } from "./decisions.js";
import { entries, layout } from "./entries.js";

/** The three choices under a finding, or under several that are told as one. Their key stands beside them; the present choice is pressed. */
export function choices(questions: readonly Question[]): HTMLElement | null {
  const [first] = questions;
  if (first === undefined) return null;
  const fixable = questions.some((question) => canDecide(question, "fix"));
  const isChosen = (kind: Kind): boolean => questions.every(({ ask }) => decidedHere(ask.id) === kind);
  const buttons = KINDS.map((kind, i) =>
    el(
      "button",
      {
        type: "button",
        class: `choice ${kind}`,
        "data-decide": kind,
        "data-findings": questions.map(({ ask }) => ask.id).join(" "),
        "aria-pressed": String(isChosen(kind)),
        "aria-keyshortcuts": String(i + 1),
        disabled: kind === "fix" && !fixable,
        title: titleOf(kind, fixable),
      },
      el("kbd", { "aria-hidden": "true", text: String(i + 1) }),
      ` ${KIND_WORDS[kind]}`,
    ),
  );
  const spots = questions.map(({ finding }) => finding.spot).join(", ");
  return el(
    "div",
    { class: "decide", role: "group", "aria-label": `Decide: ${first.finding.ruleId}, ${spots}` },
    ...buttons,
    formerDecision(first),
  );
}

function formerDecision({ ask }: Question): HTMLElement | null {
  if (ask.decided === null || decidedHere(ask.id) !== null) return null;
  const { by, at, kind } = ask.decided;
  return el("span", {
    class: "quiet",
    text: `decided by ${by || "somebody"} on ${at.slice(0, 10)}: ${words(kind)}`,
  });
}

function titleOf(kind: Kind, fixable: boolean): string {
  switch (kind) {
    case "fix":
      return fixable ? "The next apply puts it right" : "photodrift cannot put this right: see the remedy";
    case "keep":
      return "What is there is wanted: no drift until the picture or the master changes";
    case "leave":
      return "Seen, and left as it is: it stays in the report and does not come back as new";
  }
}

function words(kind: string): string {
  const known = KINDS.find((one) => one === kind);
  return known === undefined ? kind : KIND_WORDS[known].toLowerCase();
}

/** Findings that nobody decided about when the report was made. */
export function countOpen(): number {
  return entries.reduce((sum, { packed }) => sum + packed.filter(({ open }) => open).length, 0);
}

/** Progress, and the commands once something is saved. Hidden where there is nothing to decide. */
export function showDecisions(open: number): void {
  const { open: decided, anew } = countDecided();
  byId("decisions", HTMLElement).hidden = open + anew === 0;
  const more = anew === 0 ? "" : `, ${count(anew)} decided anew`;
  byId("decided", HTMLElement).textContent = `${count(decided)} of ${count(open)} decided${more}`;
  byId("progress", HTMLProgressElement).max = Math.max(open, 1);
  byId("progress", HTMLProgressElement).value = decided;
  byId("save", HTMLButtonElement).disabled = decided + anew === 0;
}

export function showCommands(): void {
  const box = byId("next", HTMLElement);
  box.hidden = false;
  byId("commands", HTMLElement).replaceChildren(
    ...layout.saved.commands.map((command) =>
      el(
        "li",
        {},
        el(
          "button",
          { type: "button", class: "copy", title: "Copy this command", "data-copy": command },
          el("code", { text: command }),
        ),
      ),
    ),
  );
}
