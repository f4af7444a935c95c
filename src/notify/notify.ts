import { PhotodriftError } from "../model/errors.js";
import type { ChannelKind, NotifyConfig } from "../model/notify.js";
import { excerpt, plain } from "../model/text.js";
import type { Channel, NotifyPorts } from "./channel.js";
import { CHANNEL_FILES } from "./channels/table.js";
import { applies, type RunMessage } from "./message.js";

/** What became of one entry of `notify`, fit for logs: no address beyond its host, no secret. */
export interface NotifyResult {
  readonly kind: ChannelKind;
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
  const shown = harmless(message);
  return Promise.all(entries.map((entry) => notifyOne(entry, shown, ports)));
}

async function notifyOne(entry: NotifyConfig, message: RunMessage, ports: NotifyPorts): Promise<NotifyResult> {
  const { kind } = entry;
  // The table gives the channel of this very kind; the type of the pair cannot say so.
  const channel = CHANNEL_FILES[kind] as Channel<ChannelKind>;
  const target = channel.target(entry);
  if (!applies(entry.on, message)) return { kind, target, outcome: "not-due", attempts: 0, detail: `on: ${entry.on}` };
  try {
    const { ok, attempts, detail } = await channel.send(entry, message, ports);
    return { kind, target, outcome: ok ? "sent" : "failed", attempts, detail };
  } catch (error) {
    return { kind, target, outcome: "failed", attempts: 1, detail: reasonOf(error) };
  }
}

/** Whatever channel shows it, and whatever a receiver of JSON makes of it: words for people hold nothing that hides or turns them round. */
function harmless(message: RunMessage): RunMessage {
  const { people, topFindings, error, tenantName } = message;
  return {
    ...message,
    tenantName: plain(tenantName),
    people: { ...people, top: people.top.map((one) => ({ ...one, who: plain(one.who), what: plain(one.what) })) },
    topFindings: topFindings.map((one) => ({
      ...one,
      summary: plain(one.summary),
      user: one.user === null ? null : { ...one.user, displayName: plain(one.user.displayName) },
    })),
    error: error === null ? null : { message: plain(error.message), hint: plain(error.hint) },
  };
}

/** Messages of our own errors are free of secrets; of others only the name is kept. */
function reasonOf(error: unknown): string {
  if (error instanceof PhotodriftError) return excerpt(`${error.code}: ${error.message}`, 300);
  return error instanceof Error ? error.name : "unknown error";
}
