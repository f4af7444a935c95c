import type { NotifyConfig } from "../model/config.js";
import { PhotodriftError } from "../model/errors.js";
import { runMail, type Mail } from "./mail.js";
import { excerpt } from "../model/text.js";
import { applies, type RunMessage } from "./message.js";
import { postJson, type PostPorts } from "./post.js";
import { teamsBody } from "./teams.js";
import { webhookBody, webhookHeaders } from "./webhook.js";

export interface NotifyPorts extends PostPorts {
  /** Sends through Graph; rejects when the service does not take it. */
  readonly sendMail: (mail: Mail) => Promise<void>;
}

/** What became of one entry of `notify`, fit for logs: no address beyond its host, no secret. */
export interface NotifyResult {
  readonly kind: NotifyConfig["kind"];
  /** Host of the receiver, or the number of mail recipients. */
  readonly target: string;
  readonly outcome: "sent" | "not-due" | "failed";
  readonly attempts: number;
  readonly detail: string;
}

/** Tells every receiver whose condition applies, all at once. A failure is a result; this never rejects. */
export async function notify(
  entries: readonly NotifyConfig[],
  message: RunMessage,
  ports: NotifyPorts,
): Promise<readonly NotifyResult[]> {
  return Promise.all(entries.map((entry) => notifyOne(entry, message, ports)));
}

async function notifyOne(entry: NotifyConfig, message: RunMessage, ports: NotifyPorts): Promise<NotifyResult> {
  const { kind } = entry;
  const target = targetOf(entry);
  if (!applies(entry.on, message)) return { kind, target, outcome: "not-due", attempts: 0, detail: `on: ${entry.on}` };
  try {
    if (entry.kind === "mail") {
      await ports.sendMail(runMail(message, entry.from, entry.to));
      return { kind, target, outcome: "sent", attempts: 1, detail: "accepted" };
    }
    const { ok, attempts, detail } = await post(entry, message, ports);
    return { kind, target, outcome: ok ? "sent" : "failed", attempts, detail };
  } catch (error) {
    return { kind, target, outcome: "failed", attempts: 1, detail: reasonOf(error) };
  }
}

function post(entry: Exclude<NotifyConfig, { kind: "mail" }>, message: RunMessage, ports: NotifyPorts) {
  const url = entry.url.reveal();
  if (entry.kind === "teams") return postJson(url, teamsBody(message), {}, ports);
  const body = webhookBody(message);
  return postJson(url, body, webhookHeaders(body, message.run.id, entry.secret?.reveal() ?? null), ports);
}

function targetOf(entry: NotifyConfig): string {
  if (entry.kind === "mail") return entry.to.length === 1 ? "1 recipient" : `${entry.to.length} recipients`;
  return URL.canParse(entry.url.reveal()) ? new URL(entry.url.reveal()).host : "invalid address";
}

/** Messages of our own errors are free of secrets; of others only the name is kept. */
function reasonOf(error: unknown): string {
  if (error instanceof PhotodriftError) return excerpt(`${error.code}: ${error.message}`, 300);
  return error instanceof Error ? error.name : "unknown error";
}
