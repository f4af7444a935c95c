import { excerpt } from "../../model/text.js";
import { hostOf, type Channel } from "../channel.js";
import { postJson } from "../post.js";
import { facts, headline, restLine, type NotifiedPerson, type RunMessage } from "../message.js";

export const channel: Channel<"teams"> = {
  target: hostOf,
  send: ({ url }, message, ports) => postJson(url.reveal(), teamsBody(message), {}, ports),
};

/** Teams answers 413 above 28 KB (learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages); the whole message counts. */
export const MOST_CARD_BYTES = 28_000;

const COLOURS = { info: "Default", warning: "Warning", error: "Attention", critical: "Attention" } as const;

/**
 * The message for a Teams Workflows webhook ("When a Teams webhook request is received"): one adaptive card 1.4: what to do, the
 * numbers, and one line a user, as many as fit, at most 20 (facts/graph-entra-exchange.md section 8).
 */
export function teamsBody(message: RunMessage): string {
  let shown = Math.min(message.people.top.length, 20);
  for (;;) {
    const body = JSON.stringify(card(message, shown));
    if (shown === 0 || Buffer.byteLength(body, "utf8") <= MOST_CARD_BYTES) return body;
    shown = Math.floor(shown / 2);
  }
}

function card(message: RunMessage, shown: number): unknown {
  const { run, error, people, steps } = message;
  const good = run.verdict === "in-sync";
  const rest = restLine(message, shown);
  const body = [
    text(headline(message), { size: "Medium", weight: "Bolder", color: good ? "Good" : "Attention" }),
    ...(error === null ? [] : [text(`${error.message} ${error.hint}`, { color: "Attention" })]),
    ...(steps.length === 0 ? [] : [text("What to do now", { weight: "Bolder" })]),
    ...steps.flatMap(({ sentence, commands }, at) => [
      text(`${at + 1}. ${sentence}`, {}),
      ...commands.map((command) => text(command, { fontType: "Monospace", spacing: "None", isSubtle: true })),
    ]),
    { type: "FactSet", facts: facts(message).map(([title, value]) => ({ title: plain(title), value: plain(value) })) },
    ...people.top.slice(0, shown).map(line),
    ...(rest === "" ? [] : [text(rest, { isSubtle: true })]),
  ];
  const content = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    msteams: { width: "Full" },
    body,
  };
  return {
    type: "message",
    attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", contentUrl: null, content }],
  };
}

function line({ who, what, severity, new: fresh }: NotifiedPerson): unknown {
  return text(`${fresh ? "new · " : ""}${excerpt(who, 120)} · ${excerpt(what, 200)}`, {
    color: COLOURS[severity],
    spacing: "Small",
  });
}

function text(content: string, more: { readonly [key: string]: string | boolean }): unknown {
  return { type: "TextBlock", text: plain(content), wrap: true, ...more };
}

/** Adaptive cards read a subset of Markdown: a display name must not become a link, an emphasis or a template expression. */
function plain(content: string): string {
  return excerpt(content, 600)
    .replace(/[[\]()*_`~#\\<>!|]/g, (char) => (char === "<" ? "‹" : char === ">" ? "›" : `\\${char}`))
    .replaceAll("${", "$ {");
}
