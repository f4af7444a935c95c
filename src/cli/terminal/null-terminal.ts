import type { Terminal } from "./terminal.js";

/** For runs that nobody watches: results go to files. */
export const NULL_TERMINAL: Terminal = {
  out: () => Promise.resolve(true),
  err: () => undefined,
  outIsTerminal: false,
  errIsTerminal: false,
  width: 100,
  color: false,
  errColor: false,
};
