import { excerpt } from "../model/text.js";
import { facts, headline, type NotifiedFinding, type RunMessage } from "./message.js";

/** Teams answers 413 above 28 KB (learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages); the whole message counts. */
export const MOST_CARD_BYTES = 28_000;

const COLOURS = { info: "Default", warning: "Warning", error: "Attention", critical: "Attention" } as const;

/**
 * The message for a Teams Workflows webhook ("When a Teams webhook request is received"): one adaptive card 1.4, as many findings as
 * fit, at most 20 (facts/graph-entra-exchange.md section 8).
 */
export function teamsBody(message: RunMessage): string {
  let shown = Math.min(message.topFindings.length, 20);
  for (;;) {
    const body = JSON.stringify(card(message, shown));
    if (shown === 0 || Buffer.byteLength(body, "utf8") <= MOST_CARD_BYTES) return body;
    shown = Math.floor(shown / 2);
  }
}

function card(message: RunMessage, shown: number): unknown {
  const { run, error, topFindings, summary } = message;
  const good = run.verdict === "in-sync";
  const total = Object.values(summary.byRule).reduce((sum, count) => sum + count, 0);
  const more = total - shown;
  const body = [
    text(headline(message), { size: "Medium", weight: "Bolder", color: good ? "Good" : "Attention" }),
    ...(error === null ? [] : [text(`${error.message} ${error.hint}`, { color: "Attention" })]),
    { type: "FactSet", facts: facts(message).map(([title, value]) => ({ title: plain(title), value: plain(value) })) },
    ...topFindings.slice(0, shown).map(line),
    ...(shown > 0 && more > 0 ? [text(`and ${more} more in the report`, { isSubtle: true })] : []),
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

function line(finding: NotifiedFinding): unknown {
  const who = finding.user === null ? finding.address : `${finding.user.displayName} (${finding.user.upn})`;
  return text(`${finding.rule} · ${excerpt(who, 120)} · ${excerpt(finding.summary, 200)}`, {
    color: COLOURS[finding.severity],
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
