import { cloudOf, notSquare, squareSide, thumbnailsOf } from "./frames.js";
import { noThumbnails, one, PLAIN_SET, showEverywhere, sourceOf, spoilMaster, type Scenario } from "./scenario.js";

/** The situations that a small tenant shows, most telling first. */
export const TELLING: readonly Scenario[] = [
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
];
