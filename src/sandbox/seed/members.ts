import type { Random } from "../random.js";
import type { Member } from "./member.js";
import { distinctNames, nameAt } from "./names.js";
import type { ProfileSettings } from "./profiles.js";

/** First and last picture change of a fresh tenant: long enough ago that nothing is still on its way. */
const CHANGED_FROM = Date.UTC(2024, 8, 2, 7);
const CHANGED_DAYS = 150;

/** SharePoint's older file stem: the UPN with `@` and `.` replaced, lower case (facts/sharepoint.md 1.4). */
export function upnStem(upn: string): string {
  return upn.toLowerCase().replace(/[@.]/g, "_");
}

/** Users with names and licences but no pictures yet; some of them guests, disabled or without any licence. */
export function inventMembers(count: number, settings: ProfileSettings, random: Random): Member[] {
  const { domain, german, name } = settings;
  const few = count < 12 ? 0 : 1;
  const guests = few * Math.max(2, Math.round(count * 0.02));
  const disabled = few * Math.max(1, Math.round(count * 0.01));
  const unlicensed = few * Math.max(1, Math.round(count * 0.01));
  const unique = distinctNames(german);
  const members: Member[] = [];
  for (let index = 0; index < count; index++) {
    const person = nameAt(index, german);
    const outside = count - index;
    const guest = outside <= guests;
    const enabled = outside <= guests || outside > guests + disabled;
    const licensed = outside > guests + disabled + unlicensed || !enabled;
    const user = `${person.asciiFirst}.${person.asciiLast}${person.round === 0 ? "" : String(person.round + 1)}`;
    const upn = guest ? `${user}_northwind.example#EXT#@${name}.onmicrosoft.com` : `${user}@${domain}`;
    const id = random.guid();
    const sharePointOnly = !guest && licensed && index % 19 === 7;
    members.push({
      index,
      id,
      first: person.first,
      last: person.last,
      upn,
      licence: guest || !licensed ? "none" : sharePointOnly ? "sharepoint" : "full",
      guest,
      enabled,
      deleted: false,
      uniqueName: count <= unique,
      master: null,
      moreFiles: [],
      cloud: null,
      thumbnails: { S: null, M: null, L: null },
      stem: random.chance(settings.objectIdStems) ? id : upnStem(upn),
      folder: random.pick(settings.folders),
      pictureUrl: "empty",
      placeholderState: "",
      exchangeSyncState: sharePointOnly ? "0" : "1",
      changedAt: CHANGED_FROM + random.integer(0, CHANGED_DAYS * 24 * 60) * 60_000,
    });
  }
  return members;
}
