import { describe, expect, it } from "vitest";
import { coalesced } from "../../../src/stores/sharepoint/coalesce.js";

/** A clock that stands still until it is moved on. */
function standingClock() {
  let sleepers: { readonly wake: () => void; readonly stop: (reason: Error) => void }[] = [];
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 10; i++) await Promise.resolve();
  };
  const take = () => {
    const those = sleepers;
    sleepers = [];
    return those;
  };
  return {
    timer: {
      now: () => 0,
      steady: () => 0,
      random: () => 0,
      sleep: (_ms: number) => new Promise<void>((wake, stop) => sleepers.push({ wake, stop })),
    },
    async pass() {
      for (const { wake } of take()) wake();
      await settle();
    },
    async interrupt() {
      for (const { stop } of take()) stop(new Error("interrupted"));
      await settle();
    },
  };
}

function open(most: number) {
  const clock = standingClock();
  const sent: (readonly number[])[] = [];
  const ask = coalesced<number, string>({ timer: clock.timer, signal: undefined }, most, async (questions) => {
    sent.push(questions);
    return questions.map((question) => `answer to ${question}`);
  });
  return { clock, sent, ask };
}

describe("questions that come at about the same time", () => {
  it("do not wait for others where none come", async () => {
    const { clock, sent, ask } = open(20);
    const answer = ask(1);
    await clock.pass();
    expect(sent).toEqual([[1]]);
    expect(await answer).toBe("answer to 1");
  });

  it("leave together, and each gets its own answer", async () => {
    const { clock, sent, ask } = open(20);
    const answers = Promise.all([ask(1), ask(2), ask(3)]);
    await clock.pass();
    await clock.pass();
    expect(sent).toEqual([[1, 2, 3]]);
    expect(await answers).toEqual(["answer to 1", "answer to 2", "answer to 3"]);
  });

  it("wait on while more come, so that a busy machine fills its batches, too", async () => {
    const { clock, sent, ask } = open(20);
    void ask(1);
    for (const question of [2, 3, 4]) {
      void ask(question);
      await clock.pass();
      expect(sent).toEqual([]);
    }
    await clock.pass();
    expect(sent).toEqual([[1, 2, 3, 4]]);
  });

  it("do not wait for ever, however many come", async () => {
    const { clock, sent, ask } = open(1_000);
    void ask(0);
    for (let question = 1; question < 12; question++) {
      void ask(question);
      await clock.pass();
    }
    expect(sent[0]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("leave at once when the batch is full; the next ones begin another", async () => {
    const { clock, sent, ask } = open(2);
    void ask(1);
    void ask(2);
    void ask(3);
    expect(sent).toEqual([[1, 2]]);
    await clock.pass();
    await clock.pass();
    expect(sent).toEqual([[1, 2], [3]]);
  });

  it("leave at once when the run is interrupted: the sender says what that means", async () => {
    const { clock, sent, ask } = open(20);
    void ask(1);
    await clock.interrupt();
    expect(sent).toEqual([[1]]);
  });
});
