import type { PictureSource } from "../pictures.js";
import { cloudOf, notSquare, squareSide, thumbnailOf, thumbnailsOf, THUMBNAIL_SETS } from "./frames.js";
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

const [PLAIN_SET = { S: 48, M: 72, L: 200 }] = THUMBNAIL_SETS;

function sourceOf(member: Member): PictureSource {
  if (member.master === null) throw new Error(`${member.upn} has no portrait`);
  return member.master.source;
}

function one(apply: (member: Member, props: Props) => void): Scenario["apply"] {
  return (members, props) => {
    for (const member of members) apply(member, props);
  };
}

function noThumbnails(member: Member): void {
  member.thumbnails = { S: null, M: null, L: null };
  member.pictureUrl = "empty";
  member.placeholderState = "";
}

function showEverywhere(member: Member, source: PictureSource, subject: "stranger" | "shared"): void {
  member.cloud = cloudOf(source, subject);
  member.thumbnails = thumbnailsOf(source, PLAIN_SET, subject);
}

/** The user's only file cannot serve as a master. */
function spoilMaster(member: Member, change: Partial<MasterFile>): void {
  if (member.master !== null) member.master = { ...member.master, ...change };
}

/** Every situation that a first audit can see, most telling first: a tenant too small for all of them has the first ones. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: "new starter without any photo",
    count: 1,
    drift: true,
    apply: one((member) => {
      member.cloud = null;
      noThumbnails(member);
    }),
  },
  {
    name: "left and hired again: old picture everywhere",
    count: 1,
    drift: true,
    apply: one((member, props) => showEverywhere(member, props.stranger(), "stranger")),
  },
  {
    name: "two people's thumbnails swapped",
    count: 2,
    drift: true,
    squarePortrait: true,
    apply: ([a, b]) => {
      if (a === undefined || b === undefined) return;
      const [ofA, ofB] = [sourceOf(a), sourceOf(b)];
      a.thumbnails = thumbnailsOf(ofB, PLAIN_SET, "other-user");
      b.thumbnails = thumbnailsOf(ofA, PLAIN_SET, "other-user");
    },
  },
  {
    name: "new photo in the cloud, old thumbnails in SharePoint",
    count: 1,
    drift: true,
    apply: one((member, props) => {
      member.thumbnails = thumbnailsOf(props.stranger(), PLAIN_SET, "stranger");
    }),
  },
  {
    name: "one thumbnail missing",
    count: 1,
    drift: true,
    apply: one((member) => {
      member.thumbnails.M = null;
    }),
  },
  {
    name: "SharePoint without a mailbox, in order",
    count: 1,
    drift: false,
    licence: "sharepoint",
    apply: () => undefined,
  },
  {
    name: "SharePoint without a mailbox, old thumbnails",
    count: 1,
    drift: true,
    licence: "sharepoint",
    apply: one((member, props) => {
      member.thumbnails = thumbnailsOf(props.stranger(), PLAIN_SET, "stranger");
    }),
  },
  {
    name: "small photo in the cloud",
    count: 1,
    drift: true,
    apply: one((member) => {
      member.cloud = cloudOf(sourceOf(member), "own", 96);
    }),
  },
  {
    name: "photo that is not square",
    count: 1,
    drift: true,
    apply: one((member) => {
      member.cloud = notSquare(sourceOf(member), 648);
    }),
  },
  {
    name: "placeholder hides the picture",
    count: 1,
    drift: true,
    apply: one((member) => {
      member.placeholderState = "1";
    }),
  },
  { name: "no master, nothing anywhere", count: 1, drift: false, withoutPortrait: true, apply: () => undefined },
  {
    name: "two files for one person",
    count: 1,
    drift: false,
    apply: one((member, props) => {
      const { master } = member;
      if (master === null) return;
      member.master = { ...master, file: `${member.first} ${member.last}.jpg`, state: "ambiguous", format: "jpg" };
      const source = props.stranger();
      member.moreFiles = [
        {
          ...master,
          file: `${member.first} ${member.last}.png`,
          source,
          side: squareSide(source, 640),
          state: "ambiguous",
          format: "png",
        },
      ];
    }),
  },
  {
    name: "file that is no image",
    count: 1,
    drift: false,
    apply: one((member) => spoilMaster(member, { state: "unreadable", damage: "not-an-image" })),
  },
  {
    name: "never visited SharePoint",
    count: 1,
    drift: true,
    apply: one(noThumbnails),
  },
  {
    name: "changed the photo in Outlook",
    count: 1,
    drift: true,
    apply: one((member, props) => {
      member.cloud = cloudOf(props.stranger(), "stranger");
    }),
  },
  {
    name: "silhouettes in SharePoint",
    count: 1,
    drift: true,
    apply: one((member, props) => {
      member.thumbnails = thumbnailsOf(props.placeholder("silhouette"), PLAIN_SET, "placeholder");
    }),
  },
  {
    name: "enlarged from a tiny photo",
    count: 1,
    drift: true,
    portraitSide: 640,
    apply: one((member) => {
      const photo = cloudOf(sourceOf(member));
      member.cloud = { ...photo, recipe: { ...photo.recipe, enlargedFrom: 96 } };
    }),
  },
  {
    name: "no master, stores disagree",
    count: 1,
    drift: true,
    withoutPortrait: true,
    apply: one((member, props) => {
      member.cloud = cloudOf(props.stranger(), "stranger");
      member.thumbnails = thumbnailsOf(props.stranger(), PLAIN_SET, "stranger");
      member.pictureUrl = "own";
      member.placeholderState = "0";
    }),
  },
  {
    name: "photo too large for the directory",
    count: 1,
    drift: true,
    licence: "sharepoint",
    apply: one((member) => {
      const photo = cloudOf(sourceOf(member), "own", 800);
      member.cloud = { ...photo, recipe: { ...photo.recipe, length: 131_072 } };
    }),
  },
  {
    name: "profile names no picture",
    count: 1,
    drift: true,
    apply: one((member) => {
      member.pictureUrl = "empty";
    }),
  },
  {
    name: "same person, tighter crop",
    count: 1,
    drift: false,
    apply: one((member) => {
      const photo = cloudOf(sourceOf(member), "tighter", 504);
      member.cloud = { ...photo, recipe: { ...photo.recipe, tighter: 0.07 } };
    }),
  },
  {
    name: "same picture for two people",
    count: 2,
    drift: false,
    apply: ([a, b]) => {
      if (a?.master == null || b?.master == null) return;
      a.master = { ...a.master, state: "duplicate", format: "jpg" };
      b.master = { ...a.master, file: null };
      b.cloud = a.cloud;
      b.thumbnails = { ...a.thumbnails };
    },
  },
  {
    name: "small master",
    count: 1,
    drift: false,
    apply: one((member) => {
      const source = sourceOf(member);
      spoilMaster(member, { state: "small", side: 220, format: "jpg" });
      member.cloud = cloudOf(source, "own", 220);
      member.thumbnails = thumbnailsOf(source, PLAIN_SET);
    }),
  },
  {
    name: "truncated file",
    count: 1,
    drift: false,
    apply: one((member) => spoilMaster(member, { state: "unreadable", damage: "truncated", format: "jpg" })),
  },
  {
    name: "one file, two namesakes",
    count: 2,
    drift: false,
    apply: ([a, b], props) => {
      if (a?.master == null || b === undefined) return;
      props.makeNamesakes(b, a);
      a.master = { ...a.master, file: `${a.first} ${a.last}.jpg`, state: "ambiguous", format: "jpg" };
      b.master = { ...a.master };
      showEverywhere(a, props.stranger(), "stranger");
      b.cloud = null;
      noThumbnails(b);
    },
  },
  {
    name: "the same picture on three accounts",
    count: 3,
    drift: true,
    apply: (members, props) => {
      const source = props.stockPicture();
      for (const member of members) showEverywhere(member, source, "shared");
    },
  },
  {
    name: "initials as a photo",
    count: 1,
    drift: true,
    apply: one((member, props) => {
      member.cloud = cloudOf(props.placeholder("initials"), "placeholder");
    }),
  },
  {
    name: "two people's cloud photos swapped",
    count: 2,
    drift: true,
    squarePortrait: true,
    apply: ([a, b]) => {
      if (a === undefined || b === undefined) return;
      const [ofA, ofB] = [sourceOf(a), sourceOf(b)];
      a.cloud = cloudOf(ofB, "other-user", 504);
      b.cloud = cloudOf(ofA, "other-user", 504);
    },
  },
  {
    name: "mirrored photo",
    count: 1,
    drift: true,
    apply: one((member) => {
      const photo = cloudOf(sourceOf(member), "mirrored");
      member.cloud = { ...photo, recipe: { ...photo.recipe, mirrored: true } };
    }),
  },
  {
    name: "large thumbnail squeezed",
    count: 1,
    drift: true,
    apply: one((member) => {
      const source = sourceOf(member);
      const side = squareSide(source, 240);
      member.thumbnails.L = {
        subject: "own",
        recipe: { source, width: side, height: Math.round(side * 0.75), fit: "stretch", quality: 90 },
        laterBy: 480,
      };
    }),
  },
  {
    name: "large thumbnail too small",
    count: 1,
    drift: true,
    apply: one((member) => {
      member.thumbnails.L = { ...thumbnailOf(sourceOf(member), 96), laterBy: 480 };
    }),
  },
  {
    name: "waits for a mailbox that does not exist",
    count: 1,
    drift: true,
    licence: "sharepoint",
    apply: one((member) => {
      member.exchangeSyncState = "1";
    }),
  },
  {
    name: "profile names another file",
    count: 2,
    drift: true,
    apply: ([a, b]) => {
      if (a !== undefined) a.pictureUrl = "elsewhere";
      if (b !== undefined) b.pictureUrl = "own-large";
    },
  },
  {
    name: "no cloud photo, thumbnails in place",
    count: 1,
    drift: true,
    apply: one((member) => {
      member.cloud = null;
    }),
  },
  {
    name: "no master, picture link to nothing",
    count: 1,
    drift: true,
    withoutPortrait: true,
    apply: one((member) => {
      member.pictureUrl = "own";
      member.placeholderState = "0";
    }),
  },
  {
    name: "renamed since the thumbnails were made",
    count: 1,
    drift: false,
    apply: one((member, props) => {
      member.stem = props.stemOf(`former.name${member.index}@${props.domain}`);
    }),
  },
  { name: "mailbox without SharePoint", count: 1, drift: false, licence: "exchange", apply: one(noThumbnails) },
  {
    name: "blank thumbnails",
    count: 1,
    drift: true,
    apply: one((member, props) => {
      member.thumbnails = thumbnailsOf(props.placeholder("blank"), PLAIN_SET, "placeholder");
    }),
  },
  {
    name: "the master in black and white",
    count: 1,
    drift: true,
    apply: one((member) => {
      const photo = cloudOf(sourceOf(member), "recoloured");
      member.cloud = { ...photo, recipe: { ...photo.recipe, saturation: 0 } };
    }),
  },
];

/** How many users of a full set of situations drift. */
export const SCENARIO_DRIFT = SCENARIOS.reduce((sum, scenario) => sum + (scenario.drift ? scenario.count : 0), 0);
