/** The exit codes of the manual; every way out of the program goes through these. */
export const EXIT = {
  ok: 0,
  failed: 1,
  drift: 2,
  refused: 3,
  incomplete: 4,
  usage: 64,
  interrupted: 130,
} as const;
