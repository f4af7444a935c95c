import { drawingSeed, shapeOf, type PictureSource } from "../pictures.js";
import type { Random } from "../random.js";
import { cloudOf, directoryPhotoOf, thumbnailsOf, THUMBNAIL_SETS } from "./frames.js";
import { hasSharePointLicence, type Member } from "./member.js";
import { upnStem } from "./members.js";
import type { People } from "./people.js";
import type { ProfileSettings } from "./profiles.js";
import { SCENARIO_DRIFT, SCENARIOS, type Props, type Scenario } from "./scenarios.js";

/** Share of users whose stores drift once a tenant is large enough for all situations. */
const DRIFT_SHARE = 0.22;
/** Ceilings for small tenants, where one set of situations would be nearly everybody. */
const SMALL_SITUATION_SHARE = 0.68;
const SMALL_DRIFT_SHARE = 0.48;
/** Sides of cloud photos: most are as large as the service keeps them. */
const CLOUD_SIDES = [648, 648, 648, 504, 432, 360, 240] as const;

export interface CastOptions {
  readonly seed: number;
  readonly settings: ProfileSettings;
  readonly random: Random;
  readonly people: People;
  /** Users without a master have pictures of their own. */
  readonly large: boolean;
}

function giveMaster(member: Member, source: PictureSource): void {
  const { width, height } = shapeOf(source);
  member.master = {
    file: null,
    state: Math.min(width, height) < 240 ? "small" : "usable",
    source,
    side: Math.min(width, height),
  };
}

function givePictures(member: Member, source: PictureSource, options: CastOptions, subject: "own" | "stranger"): void {
  const { random } = options;
  const side = random.pick(CLOUD_SIDES);
  member.cloud =
    member.licence === "sharepoint" ? directoryPhotoOf(source, subject, side) : cloudOf(source, subject, side);
  if (!hasSharePointLicence(member)) return;
  member.thumbnails = thumbnailsOf(source, random.pick(THUMBNAIL_SETS), subject);
  // SharePoint's own spelling, or that of the PnP uploader (facts/sharepoint.md 1.5).
  member.pictureUrl = random.chance(0.12) ? "own-plain" : "own";
  member.placeholderState = "0";
}

/** A member in order: master, cloud photo and thumbnails show the same picture. */
function settle(member: Member, source: PictureSource, options: CastOptions): void {
  giveMaster(member, source);
  // A portrait under 200 px cannot give an L thumbnail: its user has no photo yet.
  if (Math.min(shapeOf(source).width, shapeOf(source).height) >= 200) givePictures(member, source, options, "own");
}

function scenariosFor(count: number, capacity: number): Scenario[] {
  const rounds = Math.max(1, Math.round((capacity * DRIFT_SHARE) / SCENARIO_DRIFT));
  if (rounds > 1) return Array.from({ length: rounds }, () => SCENARIOS).flat();
  const chosen: Scenario[] = [];
  let [used, drifting] = [0, 0];
  for (const scenario of SCENARIOS) {
    const drift = scenario.drift ? scenario.count : 0;
    if (used + scenario.count > count * SMALL_SITUATION_SHARE || drifting + drift > count * SMALL_DRIFT_SHARE) continue;
    chosen.push(scenario);
    used += scenario.count;
    drifting += drift;
  }
  return chosen;
}

function propsOf(options: CastOptions): Props {
  let made = 0;
  const numbered = (what: string): number => drawingSeed(what, options.seed, made++);
  return {
    stranger: options.people.stranger,
    placeholder: (placeholder) => ({ kind: "placeholder", placeholder, seed: numbered("placeholder") }),
    stockPicture: () => ({ kind: "scene", seed: numbered("stock") }),
    stemOf: upnStem,
    domain: options.settings.domain,
    makeNamesakes: (member, other) => {
      member.first = other.first;
      member.last = other.last;
      member.upn = other.upn.replace("@", ".2@");
      if (member.stem !== member.id) member.stem = upnStem(member.upn);
      member.uniqueName = false;
      other.uniqueName = false;
    },
  };
}

/** Gives members their masters and pictures, and brings some of them into the situations of scenarios.ts. */
export function castMembers(members: readonly Member[], options: CastOptions): void {
  const { settings, random, people } = options;
  const inScope = members.filter((member) => !member.guest && member.enabled && member.licence !== "none");
  const waiting = random.shuffled(inScope);
  const capacity = Math.min(inScope.length, settings.mostMasters(members.length));
  const props = propsOf(options);
  for (const scenario of settings.drift ? scenariosFor(inScope.length, capacity) : []) {
    const actors = waiting.splice(0, scenario.count);
    if (actors.length < scenario.count) break;
    const dressed = actors.map((actor) => dress(actor, scenario, options));
    if (dressed.every(Boolean)) scenario.apply(actors, props);
  }
  for (const member of waiting) settleOrdinary(member, options);
  // A master of somebody out of scope fits that user: no finding.
  const disabled = members.find((member) => !member.enabled);
  const source = disabled === undefined ? null : people.portrait();
  if (disabled !== undefined && source !== null) giveMaster(disabled, source);
}

/** Licence and portrait of one actor; false where no portrait is left. */
function dress(actor: Member, scenario: Scenario, options: CastOptions): boolean {
  const { people } = options;
  actor.licence = scenario.licence ?? "full";
  actor.exchangeSyncState = actor.licence === "sharepoint" ? "0" : "1";
  if (scenario.withoutPortrait === true) return true;
  const square = scenario.squarePortrait === true;
  const source = people.portrait({ side: scenario.portraitSide ?? 320, square }) ?? people.portrait({ side: 240 });
  if (source === null) return false;
  settle(actor, source, options);
  return true;
}

/** A member in no situation: with a master, or in a large tenant perhaps with a picture of the member's own. */
function settleOrdinary(member: Member, options: CastOptions): void {
  const source = options.people.portrait();
  if (source !== null) settle(member, source, options);
  else if (options.large && options.random.chance(2 / 3))
    givePictures(member, { kind: "scene", seed: drawingSeed("own", options.seed, member.index) }, options, "stranger");
}
