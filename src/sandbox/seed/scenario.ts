import type { PictureSource } from "../pictures.js";
import { cloudOf, thumbnailsOf, THUMBNAIL_SETS } from "./frames.js";
import type { MasterFile, Member } from "./member.js";
import type { Licence } from "./skus.js";

/** What scenarios draw on while the tenant is made up. */
export interface Props {
  /** A picture of somebody who has no account and no master here. */
  readonly stranger: () => PictureSource;
  readonly placeholder: (kind: "silhouette" | "initials" | "blank" | "colour") => PictureSource;
  /** One picture that is no portrait, e.g. a company building. */
  readonly stockPicture: () => PictureSource;
  readonly stemOf: (upn: string) => string;
  readonly domain: string;
  /** Gives `member` the name of `other`: two namesakes. */
  readonly makeNamesakes: (member: Member, other: Member) => void;
}

/** A situation that `count` users are in. Members arrive in sync, with a master; `apply` brings about the situation. */
export interface Scenario {
  readonly name: string;
  readonly count: number;
  /** The users are out of step with their masters, or their stores contradict each other. */
  readonly drift: boolean;
  readonly licence?: Licence;
  /** Least shorter side of the portraits this situation can be shown with. */
  readonly portraitSide?: number;
  /** Another crop of a tall portrait would make it harder to say whose it is. */
  readonly squarePortrait?: boolean;
  readonly withoutPortrait?: boolean;
  readonly apply: (members: readonly Member[], props: Props) => void;
}

export const [PLAIN_SET = { S: 48, M: 72, L: 200 }] = THUMBNAIL_SETS;

export function sourceOf(member: Member): PictureSource {
  if (member.master === null) throw new Error(`${member.upn} has no portrait`);
  return member.master.source;
}

export function one(apply: (member: Member, props: Props) => void): Scenario["apply"] {
  return (members, props) => {
    for (const member of members) apply(member, props);
  };
}

export function noThumbnails(member: Member): void {
  member.thumbnails = { S: null, M: null, L: null };
  member.pictureUrl = "empty";
  member.placeholderState = "";
}

export function showEverywhere(member: Member, source: PictureSource, subject: "stranger" | "shared"): void {
  member.cloud = cloudOf(source, subject);
  member.thumbnails = thumbnailsOf(source, PLAIN_SET, subject);
}

/** The user's only file cannot serve as a master. */
export function spoilMaster(member: Member, change: Partial<MasterFile>): void {
  if (member.master !== null) member.master = { ...member.master, ...change };
}
