import { excerpt } from "../model/text.js";
import { facts, headline, type RunMessage } from "./message.js";

export interface Mail {
  /** UPN of the sending mailbox. */
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly html: string;
}

/** The mail about a run. */
export function runMail(message: RunMessage, from: string, to: readonly string[]): Mail {
  const { error, topFindings } = message;
  const cell = (content: string, tag = "td") =>
    `<${tag} align="left" style="padding:2px 12px 2px 0">${escape(content)}</${tag}>`;
  const rows = topFindings
    .slice(0, 50)
    .map((finding) => {
      const who = finding.user === null ? finding.address : `${finding.user.displayName} (${finding.user.upn})`;
      return `<tr>${cell(finding.severity)}${cell(finding.rule)}${cell(excerpt(who, 200))}${cell(excerpt(finding.summary, 400))}</tr>`;
    })
    .join("\n");
  const head = ["Severity", "Rule", "User", "What"].map((title) => cell(title, "th")).join("");
  const html = [
    `<h2>${escape(headline(message))}</h2>`,
    ...(error === null ? [] : [`<p>${escape(error.message)} ${escape(error.hint)}</p>`]),
    `<table>${facts(message)
      .map(([title, value]) => `<tr>${cell(title, "th")}${cell(value)}</tr>`)
      .join("\n")}</table>`,
    ...(rows === "" ? [] : [`<table><tr>${head}</tr>\n${rows}</table>`]),
  ].join("\n");
  return { from, to, subject: excerpt(headline(message), 200), html };
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
