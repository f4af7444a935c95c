import type { Secret } from "./secret.js";

/** What an entry of `notify` may say beside `kind` and `on`. The URL is a secret: a Workflows webhook carries its key in the query. */
export interface ChannelFields {
  readonly url: Secret;
  readonly secret: Secret | null;
  /** UPN of the sending mailbox. */
  readonly from: string;
  /** Mail addresses. */
  readonly to: readonly string[];
}

interface ChannelKeys {
  readonly needs: readonly (keyof ChannelFields)[];
  readonly may: readonly (keyof ChannelFields)[];
}

/** Every channel with the keys of its entries; the file of its name in `notify/channels/` sends. */
export const CHANNELS = {
  teams: { needs: ["url"], may: [] },
  webhook: { needs: ["url"], may: ["secret"] },
  mail: { needs: ["from", "to"], may: [] },
} as const satisfies { readonly [kind: string]: ChannelKeys };

/** A kind of channel. */
export type ChannelKind = keyof typeof CHANNELS;
/** Kinds of channels, in the order of the table. */
export const CHANNEL_KINDS = Object.keys(CHANNELS) as [ChannelKind, ...ChannelKind[]];

/** When a channel speaks. */
export const NOTIFY_CONDITIONS = ["new-drift", "drift", "failure", "always"] as const;
/** When a channel speaks. */
export type NotifyCondition = (typeof NOTIFY_CONDITIONS)[number];

/** Where a run is announced by one kind of channel, and when. */
export type NotifyEntry<Kind extends ChannelKind> = Kind extends ChannelKind
  ? { readonly kind: Kind; readonly on: NotifyCondition } & Pick<
      ChannelFields,
      (typeof CHANNELS)[Kind]["needs"][number] | (typeof CHANNELS)[Kind]["may"][number]
    >
  : never;

/** One entry of `notify`, of whatever kind. */
export type NotifyConfig = NotifyEntry<ChannelKind>;

/** The keys that an entry of this kind has to name, and those that do not belong to it. */
export function channelKeys(kind: ChannelKind): {
  readonly needed: readonly string[];
  readonly foreign: readonly string[];
} {
  const { needs, may }: ChannelKeys = CHANNELS[kind];
  const all: readonly (keyof ChannelFields)[] = ["url", "secret", "from", "to"];
  return { needed: needs, foreign: all.filter((key) => !needs.includes(key) && !may.includes(key)) };
}
