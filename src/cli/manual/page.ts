/** One part of the manual: a heading and a text of fixed columns. */
export interface ManualPart {
  readonly heading: string;
  readonly text: string;
}

/** A manual page (man(7)) of preformatted parts. @param date of the page, `2026-11-25` */
export function manualPage(version: string, date: string, parts: readonly ManualPart[]): string {
  const head = [
    `.TH PHOTODRIFT 1 "${date}" "photodrift ${version}" "User Commands"`,
    ".SH NAME",
    "photodrift \\- profile photos of a Microsoft 365 tenant: find what is wrong, put right only that",
  ];
  const body = parts.flatMap(({ heading, text }) => [
    `.SH ${escaped(heading.toUpperCase())}`,
    ".nf",
    ...text.trimEnd().split("\n").map(escaped),
    ".fi",
  ]);
  return `${[...head, ...body].join("\n")}\n`;
}

/** Backslashes, hyphens that are to stay hyphens, and a dot or quote that would begin a request. */
function escaped(line: string): string {
  const text = line.replaceAll("\\", "\\e").replaceAll("-", "\\-");
  return /^[.']/.test(text) ? `\\&${text}` : text;
}
