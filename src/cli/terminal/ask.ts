import { createInterface } from "node:readline/promises";
import { PhotodriftError } from "../../model/errors.js";
import { actionLine } from "../../report/index.js";
import type { ApplyOptions } from "../../run/apply.js";
import { plain } from "../../model/text.js";

/** Asks on the terminal for one user after the other, with the reasons. Throws PhotodriftError (usage) without a terminal. */
export function asker(): NonNullable<ApplyOptions["approve"]> {
  if (!process.stdin.isTTY) {
    throw new PhotodriftError("usage", "--interactive needs a terminal.", "Use --yes for unattended runs.", "usage");
  }
  let queue: Promise<unknown> = Promise.resolve();
  let all = false;
  return (user, actions) => {
    const answer = queue.then(async () => {
      if (all) return true;
      const name = user === null ? "a file of nobody" : `${plain(user.displayName)} <${plain(user.upn)}>`;
      process.stderr.write(
        `\n${name}\n${actions.map((action) => `  ${actionLine(action, { color: false, width: 120 }).trim()}\n`).join("")}`,
      );
      const reader = createInterface({ input: process.stdin, output: process.stderr });
      const typed = (await reader.question("Apply? [y]es, [n]o, [a]ll: ")).trim().toLowerCase();
      reader.close();
      all = typed === "a" || typed === "all";
      return all || typed === "y" || typed === "yes";
    });
    queue = answer.catch(() => undefined);
    return answer;
  };
}
