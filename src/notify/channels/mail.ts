import { excerpt } from "../../model/text.js";
import type { Channel, Mail } from "../channel.js";
import { facts, headline, restLine, type NotifiedPerson, type RunMessage } from "../message.js";

export const channel: Channel<"mail"> = {
  target: ({ to }) => (to.length === 1 ? "1 recipient" : `${to.length} recipients`),
  async send({ from, to }, message, { sendMail }) {
    await sendMail(runMail(message, from, to));
    return { ok: true, attempts: 1, detail: "accepted" };
  },
};

/** People named in one mail. */
const MOST_PEOPLE = 50;

/** The mail about a run: what to do, then the numbers, then one row a user. */
function runMail(message: RunMessage, from: string, to: readonly string[]): Mail {
  const { error, people } = message;
  const shown = people.top.slice(0, MOST_PEOPLE);
  const html = [
    `<h2>${escape(headline(message))}</h2>`,
    ...(error === null ? [] : [`<p>${escape(error.message)} ${escape(error.hint)}</p>`]),
    ...todo(message),
    table(facts(message).map(([title, value]) => [cell(title, "th"), cell(value)])),
    ...(shown.length === 0 ? [] : [peopleTable(shown), `<p>${escape(restLine(message, shown.length))}</p>`]),
  ].join("\n");
  return { from, to, subject: excerpt(headline(message), 200), html };
}

function todo({ steps }: RunMessage): readonly string[] {
  if (steps.length === 0) return [];
  const items = steps.map(({ sentence, commands }) => {
    const lines = commands.map((command) => `<br><code>${escape(excerpt(command, 1000))}</code>`).join("");
    return `<li>${escape(sentence)}${lines}</li>`;
  });
  return ["<h3>What to do now</h3>", `<ol>${items.join("\n")}</ol>`];
}

function peopleTable(people: readonly NotifiedPerson[]): string {
  const rows = people.map(({ severity, who, what, new: fresh }) => [
    cell(severity),
    cell(excerpt(who, 200)),
    cell(excerpt(what, 400)),
    cell(fresh ? "new" : ""),
  ]);
  return table([["Severity", "Who", "What is wrong", ""].map((title) => cell(title, "th")), ...rows]);
}

function table(rows: readonly (readonly string[])[]): string {
  return `<table>${rows.map((cells) => `<tr>${cells.join("")}</tr>`).join("\n")}</table>`;
}

function cell(content: string, tag = "td"): string {
  return `<${tag} align="left" valign="top" style="padding:2px 12px 2px 0">${escape(content)}</${tag}>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
