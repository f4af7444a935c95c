import { z } from "zod";
import { ANOTHER_USER, described, notRead, read, type Described } from "./described.js";

/** The photo properties of a profile; null stands for a user without one. */
export interface ProfileAnswer {
  readonly accountName: string;
  readonly pictureUrl: string;
  readonly placeholderState: string;
  readonly exchangeSyncState: string;
  /** null where the profile has no such property. */
  readonly timestamp: string | null;
  /** My Site host of the user's own geography as the service says it, null where it does not. */
  readonly personalSiteHost: string | null;
}

/** How OData says that there is no object: what SharePoint answers for a user without a profile (facts/sharepoint.md 2.1). */
const nothing = z
  .union([
    z.object({ "odata.null": z.literal(true) }),
    z.object({ "@odata.null": z.literal(true) }),
    z.object({ GetPropertiesFor: z.null() }),
  ])
  .transform(() => null);

const property = z.object({ Key: z.string(), Value: z.string().nullish() });
const properties = z.union([
  z.array(property),
  z.object({ results: z.array(property) }).transform(({ results }) => results),
]);

const person = z.object({
  AccountName: z.string().min(1),
  UserProfileProperties: properties,
  PersonalSiteHostUrl: z.string().nullish(),
});

/** All properties of one profile, which must be the account's asked for; the picture properties must be among them. */
export function fullProfile(account: string): Described<ProfileAnswer | null> {
  const shape = described(z.union([nothing, person]), (answer) =>
    answer === null || answer.AccountName.toLowerCase() === account.toLowerCase() ? null : ANOTHER_USER,
  );
  return {
    read(answer) {
      const reading = shape.read(answer);
      if (reading.kind === "not-read") return reading;
      const { value } = reading;
      if (value === null) return read(null);
      const values = new Map(value.UserProfileProperties.map((row) => [row.Key, row.Value ?? ""]));
      const pictureUrl = values.get("PictureURL");
      const placeholderState = values.get("SPS-PicturePlaceholderState");
      const exchangeSyncState = values.get("SPS-PictureExchangeSyncState");
      if (pictureUrl === undefined || placeholderState === undefined || exchangeSyncState === undefined) {
        return notRead("it came without the picture's properties");
      }
      const timestamp = values.get("SPS-PictureTimestamp") ?? null;
      const personalSiteHost = hostOf(value.PersonalSiteHostUrl ?? "");
      const { AccountName: accountName } = value;
      return read({ accountName, pictureUrl, placeholderState, exchangeSyncState, timestamp, personalSiteHost });
    },
  };
}

function hostOf(url: string): string | null {
  try {
    return new URL(url).hostname.toLowerCase();
  } catch {
    return null;
  }
}

/** One property's value, in its envelope or in the verbose form. */
export const propertyValue = described(
  z.union([
    z.object({ value: z.string() }).transform(({ value }) => value),
    z
      .object({ d: z.object({ GetUserProfilePropertyFor: z.string() }) })
      .transform(({ d }) => d.GetUserProfilePropertyFor),
  ]),
);

/** What a write of a property is answered with: the null of OData. */
export const propertyWritten = described(
  z.union([
    z.object({ "odata.null": z.literal(true) }),
    z.object({ "@odata.null": z.literal(true) }),
    z.object({ d: z.object({ SetSingleValueProfileProperty: z.null() }) }),
  ]),
);
