import { PhotodriftError } from "../../model/errors.js";

/** The way to the person: questions on a terminal, notes on standard error. */
export interface Person {
  /** Null: nobody to ask. */
  readonly ask: ((question: string) => Promise<string>) | null;
  say(text: string): void;
}

/** Answers from flags first, then from the person, then from what was found out; what is missing is told at once, at the end. */
export interface Questions {
  readonly asks: boolean;
  /** @param found what it is without another answer; null: it must be answered */
  answer(flag: string, given: string | undefined, question: string, found: string | null): Promise<string>;
  readonly note: (text: string) => void;
  /** Throws PhotodriftError (usage) naming every flag that is missing. */
  requireAll(): void;
}

/** Asks whoever sits at the terminal; without one every answer has to come by a flag. */
export function openQuestions(person: Person): Questions {
  const missing: string[] = [];
  return {
    asks: person.ask !== null,
    async answer(flag, given, question, found) {
      if (given !== undefined && given !== "") return given;
      if (person.ask !== null) {
        const typed = (await person.ask(`${question}${found === null ? "" : ` [${found}]`}: `)).trim();
        if (typed !== "") return typed;
      }
      if (found === null) missing.push(`--${flag}`);
      return found ?? "";
    },
    note: (text) => person.say(`${text}\n`),
    requireAll() {
      if (missing.length === 0) return;
      throw new PhotodriftError(
        "usage",
        `init needs ${missing.join(", ")}.`,
        "Give the flags, or run it on a terminal to be asked.",
        "usage",
      );
    },
  };
}
