import type { PackedFinding } from "../layout.js";
import { byId, counted } from "./dom.js";
import { countOpen, showCommands, showDecisions } from "./decide-bar.js";
import {
  canDecide,
  decide,
  fileText,
  KIND_WORDS,
  questionsOf,
  restore,
  undo,
  type Kind,
  type Question,
} from "./decisions.js";
import { entries, layout, type Entry } from "./entries.js";

/** What the rest of the page does after a change. */
export interface Page {
  readonly shown: () => readonly Entry[];
  /** Whether the list is filtered to this finding. */
  readonly isListed: (finding: PackedFinding) => boolean;
  /** @param changed entries that look different now; null: any may */
  readonly redraw: (changed: readonly Entry[] | null) => void;
}

const open = countOpen();

function who(): string {
  return byId("by", HTMLInputElement).value.trim();
}

function say(text: string): void {
  byId("said", HTMLElement).textContent = text;
}

/** The open questions that the list is filtered to: others of the same people are none of its business. */
function listedQuestions(page: Page): readonly Question[] {
  return page
    .shown()
    .filter(({ packed }) => packed.some(({ open: asks }) => asks))
    .flatMap(questionsOf)
    .filter(({ finding }) => finding.open && page.isListed(finding));
}

/** Wires the bar of decisions; gives what keys and clicks elsewhere on the page ask for. */
export function wireDecisions(page: Page): {
  readonly choose: (questions: readonly Question[], kind: Kind) => void;
  readonly takeBack: () => void;
} {
  const changed = (entriesChanged: readonly Entry[] | null): void => {
    page.redraw(entriesChanged);
    showDecisions(open);
  };
  const choose = (questions: readonly Question[], kind: Kind): void => {
    decide(questions, kind, new Date().toISOString());
    changed([...new Set(questions.map(({ entry }) => entry))]);
  };
  const takeBack = (): void => {
    say(undo() ? "The last decision was taken back." : "There is nothing to take back.");
    changed(null);
  };
  byId("save", HTMLButtonElement).addEventListener("click", save);
  byId("takeback", HTMLButtonElement).addEventListener("click", takeBack);
  byId("bulk", HTMLSelectElement).addEventListener("change", (event) => {
    const select = event.currentTarget;
    if (!(select instanceof HTMLSelectElement) || select.value === "") return;
    const kind = select.value as Kind;
    const questions = listedQuestions(page);
    select.value = "";
    choose(questions, kind);
    const decided = questions.filter((question) => canDecide(question, kind)).length;
    const left = questions.length - decided;
    const rest = left === 0 ? "" : ` ${counted(left, "finding")} cannot be decided so.`;
    say(`${counted(decided, "finding")} of this list: ${KIND_WORDS[kind].toLowerCase()}.${rest} Undo takes this back.`);
  });
  const file = byId("restore", HTMLInputElement);
  file.addEventListener("change", () => {
    void file.files?.[0]?.text().then((text) => {
      const known = new Map(entries.flatMap(questionsOf).map((question) => [question.ask.id, question]));
      say(restore(text, known) ?? "The saved decisions are here again.");
      file.value = "";
      changed(null);
    });
  });
  if (matchMedia("(max-width: 560px)").matches) byId("more", HTMLDetailsElement).open = false;
  showDecisions(open);
  return { choose, takeBack };
}

/** Downloads the file: an object URL of the page's own, so it works from a file and without a connection. */
function save(): void {
  if (who() === "") {
    byId("more", HTMLDetailsElement).open = true;
    say("Say who decides: the name stands beside every decision.");
    byId("by", HTMLInputElement).focus();
    return;
  }
  const url = URL.createObjectURL(new Blob([fileText(who())], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = layout.saved.file;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  say(`Saved as ${layout.saved.file}. Hand it to whoever runs photodrift.`);
  showCommands();
}
