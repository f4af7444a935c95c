import { basename } from "node:path";
import type { Argv } from "yargs";
import { completionScript, SHELLS } from "../line/completion-scripts.js";
import { EXIT } from "../../model/exit-codes.js";
import type { GlobalFlags, Invocation } from "../line/globals.js";
import { unknownName } from "../line/unknown-name.js";

export interface CompletionFlags extends GlobalFlags {
  readonly shell: string | undefined;
}

export function completionFlags<T>(yargs: Argv<T>) {
  return yargs.positional("shell", {
    type: "string",
    describe: `${SHELLS.join(", ")}; the one of SHELL when left out`,
  });
}

/** Prints the completion script of a shell, to be sourced or saved where that shell looks. */
export async function completionCommand(flags: CompletionFlags, invocation: Invocation): Promise<number> {
  const own = basename(invocation.env["SHELL"] ?? (process.platform === "win32" ? "powershell" : "bash"));
  const wanted = (flags.shell ?? (SHELLS.some((name) => name === own) ? own : "bash")).toLowerCase();
  const shell = SHELLS.find((name) => name === (wanted === "pwsh" ? "powershell" : wanted));
  if (shell === undefined) throw unknownName("shell", wanted, SHELLS);
  await invocation.terminal.out(completionScript(shell));
  return EXIT.ok;
}
