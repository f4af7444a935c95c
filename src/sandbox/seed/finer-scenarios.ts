import { cloudOf, squareSide, thumbnailOf, thumbnailsOf } from "./frames.js";
import { noThumbnails, one, PLAIN_SET, showEverywhere, sourceOf, spoilMaster, type Scenario } from "./scenario.js";

/** Situations that come in addition where a tenant has room for them. */
export const FINER: readonly Scenario[] = [
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
