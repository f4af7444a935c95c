import type { ChannelKind, NotifyEntry } from "../model/notify.js";
import type { RunMessage } from "./message.js";
import type { PostPorts, PostResult } from "./post.js";

export interface Mail {
  /** UPN of the sending mailbox. */
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly html: string;
}

export interface NotifyPorts extends PostPorts {
  /** Sends through Graph; rejects when the service does not take it. */
  readonly sendMail: (mail: Mail) => Promise<void>;
}

/** One way to tell people: the file of its name in `channels/` exports it as `channel`; `CHANNELS` (model) has the line with its keys. */
export interface Channel<Kind extends ChannelKind> {
  /** Who is told, fit for logs: a host or a number of people, never an address or a secret. */
  readonly target: (entry: NotifyEntry<Kind>) => string;
  readonly send: (entry: NotifyEntry<Kind>, message: RunMessage, ports: NotifyPorts) => Promise<PostResult>;
}

/** The host of an address that is a secret. */
export function hostOf({ url }: Pick<NotifyEntry<"webhook">, "url">): string {
  return URL.canParse(url.reveal()) ? new URL(url.reveal()).host : "invalid address";
}
