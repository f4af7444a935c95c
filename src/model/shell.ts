/** What every shell (sh, PowerShell, cmd) reads as it stands. */
const BARE = /^[\p{L}\p{N}_@.:/][\p{L}\p{N}_@.:/+=-]*$/u;
/** What stands for itself between double quotes in all of them; a backslash must not come last. */
const QUOTABLE = /^[\p{L}\p{N}_@.:/+=\\',;~()&{}[\]# -]*[\p{L}\p{N}_@.:/+=',;~()&{}[\]# -]$/u;

/**
 * One word of a command to type, quoted where a shell needs it: double quotes where they do for every shell, else the single quotes of sh
 * and PowerShell. null where the text holds control characters and cannot be typed.
 */
export function shellWord(text: string): string | null {
  if (/\p{Cc}|\p{Cf}|\p{Cs}/u.test(text)) return null;
  if (BARE.test(text)) return text;
  if (QUOTABLE.test(text)) return `"${text}"`;
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Whether a path begins with ~ for the home, which nobody but a shell knows: taken as it stands it is a folder of that name. */
export function beginsAtHome(path: string): boolean {
  return /^~(?:[\\/]|$)/.test(path);
}

/** A command line of these words; null where one of them cannot be typed. */
export function commandLine(...words: readonly string[]): string | null {
  const quoted = words.map((word) => (/^--?[a-z][a-z-]*$/.test(word) ? word : shellWord(word)));
  return quoted.includes(null) ? null : ["photodrift", ...quoted].join(" ");
}
