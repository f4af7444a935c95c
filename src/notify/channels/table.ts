// Made from the files of this folder by `npx vitest run test/unit/tables.test.ts -u`.
import type { ChannelKind } from "../../model/notify.js";
import type { Channel } from "../channel.js";
import { channel as mail } from "./mail.js";
import { channel as teams } from "./teams.js";
import { channel as webhook } from "./webhook.js";

export const CHANNEL_FILES = { mail: mail, teams: teams, webhook: webhook } satisfies {
  readonly [Kind in ChannelKind]: Channel<Kind>;
};
