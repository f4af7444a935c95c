import type { Door } from "../http/types.js";

/** How long a question waits for the next one, milliseconds: less than an answer takes. */
const LINGER_MS = 25;
/** So many times at most, while more come each time: on a busy machine what belongs together is asked one after another. */
const MOST_ROUNDS = 8;

/**
 * Questions that come at about the same time leave together, at most `most` of them. `send` answers in the order of the questions; where it
 * throws, each of them failed.
 */
export function coalesced<Question, Answer>(
  door: Pick<Door, "timer" | "signal">,
  most: number,
  send: (questions: readonly Question[]) => Promise<readonly Answer[]>,
): (question: Question) => Promise<Answer> {
  interface Waiting {
    readonly question: Question;
    readonly resolve: (answer: Answer) => void;
    readonly reject: (error: unknown) => void;
  }
  let waiting: Waiting[] = [];

  function leave(those: readonly Waiting[]): void {
    if (waiting === those) waiting = [];
    if (those.length === 0) return;
    send(those.map(({ question }) => question)).then(
      (answers) => {
        those.forEach(({ resolve }, at) => resolve(answers[at] as Answer));
      },
      (error: unknown) => {
        for (const { reject } of those) reject(error);
      },
    );
  }

  /** Until no more come, or long enough. */
  async function linger(those: readonly Waiting[]): Promise<void> {
    try {
      for (let round = 0, before = 0; round < MOST_ROUNDS && those.length > before; round++) {
        before = those.length;
        await door.timer.sleep(LINGER_MS, door.signal);
        if (waiting !== those) return;
      }
    } catch {
      // An interruption ends the wait; what it means for the questions is said by whoever sends them.
    }
    if (waiting === those) leave(those);
  }

  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      const mine = waiting;
      if (mine.length >= most) leave(mine);
      else if (mine.length === 1) void linger(mine);
    });
}
