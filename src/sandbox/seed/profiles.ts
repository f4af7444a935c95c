export const PROFILES = ["demo", "clean", "german", "legacy", "large"] as const;
export type ProfileName = (typeof PROFILES)[number];

/** What distinguishes the kinds of tenant. */
export interface ProfileSettings {
  /** Host prefix: contoso.sharepoint.com, contoso-my.sharepoint.com. */
  readonly name: string;
  readonly domain: string;
  readonly german: boolean;
  readonly libraryTitle: string;
  readonly folders: readonly string[];
  /** Share of profiles whose thumbnails are named after the Entra object id; the others are named after the UPN. */
  readonly objectIdStems: number;
  readonly photoService: "merged" | "split";
  readonly drift: boolean;
  /** Most masters that are drawn, whatever the number of users. */
  readonly mostMasters: (users: number) => number;
}

const everybody = (users: number): number => users;

const DEMO: ProfileSettings = {
  name: "contoso",
  domain: "contoso.com",
  german: false,
  libraryTitle: "User Photos",
  folders: ["Profile Pictures"],
  objectIdStems: 0.6,
  photoService: "merged",
  drift: true,
  mostMasters: everybody,
};

/**
 * - demo: every situation once, the rest in order. clean: no drift at all.
 * - german: localized folder and library title (facts/sharepoint.md 1.2), names with umlauts.
 * - legacy: the tenant changed its language, so two folders; file names from UPNs; Graph v1.0 answers for the mailbox only (2016-2021).
 * - large: at most 1,000 masters, each used by one user; the other users have no master, two in three of them a picture of their own
 *   that is drawn when it is asked for.
 */
export const PROFILE_SETTINGS: { readonly [name in ProfileName]: ProfileSettings } = {
  demo: DEMO,
  clean: { ...DEMO, drift: false },
  german: {
    ...DEMO,
    name: "contosode",
    domain: "contoso.de",
    german: true,
    libraryTitle: "Benutzerfotos",
    folders: ["Profilbilder"],
  },
  legacy: {
    ...DEMO,
    name: "fabrikam",
    domain: "fabrikam.com",
    folders: ["Profile Pictures", "Profilbilder"],
    objectIdStems: 0,
    photoService: "split",
  },
  large: { ...DEMO, mostMasters: (users) => Math.min(1000, Math.max(60, Math.ceil(users / 100))) },
};
