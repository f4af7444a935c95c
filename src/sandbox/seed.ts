import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startServices } from "./behaviour.js";
import { drawingSeed } from "./pictures.js";
import { randomFrom } from "./random.js";
import { castMembers } from "./seed/cast.js";
import { nameFiles, writeFolder } from "./seed/folder.js";
import { thumbnailsOf, THUMBNAIL_SETS } from "./seed/frames.js";
import { SIZES, type MasterFile, type Member } from "./seed/member.js";
import { inventMembers, upnStem } from "./seed/members.js";
import { drawnPeople, realPeople, type People } from "./seed/people.js";
import { PROFILE_SETTINGS, type ProfileName, type ProfileSettings } from "./seed/profiles.js";
import { tenantOf, type Orphan } from "./seed/tenant-of.js";
import { fileRules, findingsOf, type Truth } from "./seed/truth.js";
import type { Tenant } from "./tenant.js";

export interface SeedOptions {
  readonly users: number;
  readonly seed: number;
  readonly profile: ProfileName;
  /** Folder of real portraits; without it people are drawn. */
  readonly photos?: string;
  readonly dir: string;
}

export interface Seeded {
  readonly tenant: Tenant;
  /** Name patterns that fit the master files. */
  readonly patterns: string[];
  /** YAML to append to the configuration, or "". */
  readonly extraConfig: string;
}

/** Masters nobody works here for any more, and a file that is no portrait of anybody. */
const UNMATCHED_FILES = ["Thaddeus Vogelsang.jpg", "summer party 2019.jpg"] as const;

function unmatchedMasters(people: People): Map<string, MasterFile> {
  return new Map(
    UNMATCHED_FILES.map((file) => [
      file,
      { file, state: "usable", source: people.stranger(), side: 600, format: "jpg" },
    ]),
  );
}

/** Thumbnails of a deleted user under the object id, and of one whose account is long gone under the UPN. */
function orphansOf(deleted: Member, people: People, settings: ProfileSettings): Orphan[] {
  const former = upnStem(`thaddeus.vogelsang@${settings.domain}`);
  // Where stems come from UPNs, nothing but a UPN tells who they belonged to.
  const own = settings.objectIdStems === 0 ? upnStem(deleted.upn) : deleted.id;
  return [own, former].map((stem) => ({
    stem,
    folder: deleted.folder,
    thumbnails: thumbnailsOf(people.stranger(), THUMBNAIL_SETS[0] ?? { S: 48, M: 72, L: 200 }, "stranger"),
    changedAt: deleted.changedAt,
  }));
}

/** Who is in the tenant, and what lies in the folder. */
interface Seeding {
  readonly members: readonly Member[];
  readonly files: ReadonlyMap<string, MasterFile>;
  /** Of the files, those of nobody. */
  readonly unmatched: ReadonlyMap<string, MasterFile>;
  readonly orphans: readonly Orphan[];
}

function truthOf(seed: number, { members, files, unmatched, orphans }: Seeding, split: boolean): Truth {
  const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  const ambiguous = new Set<string>();
  for (const [file, { state }] of files) if (state === "ambiguous") ambiguous.add(file.replace(/\.[^.]*$/, ""));
  return {
    seed,
    users: members
      .filter((member) => !member.deleted)
      .map((member) => ({ upn: member.upn, findings: findingsOf(member, split, ambiguous) }))
      .sort((a, b) => byText(a.upn, b.upn)),
    files: [...files]
      .map(([file, master]) => ({
        file,
        findings: unmatched.has(file) ? [{ rule: "master-without-user" }] : fileRules(master),
      }))
      .sort((a, b) => byText(a.file, b.file)),
    orphans: orphans.map(({ stem }) => ({
      stem,
      findings: SIZES.map((size) => ({ rule: "orphan-thumbnail", address: `sharepoint/${stem}/${size}Thumb` })),
    })),
  };
}

/** Files an earlier seeding of the same folder has written. */
async function formerFiles(truthFile: string): Promise<string[]> {
  try {
    const truth = JSON.parse(await readFile(truthFile, "utf8")) as Truth;
    return truth.files.map(({ file }) => file).filter((file) => !/[/\\]/.test(file));
  } catch {
    return [];
  }
}

/**
 * Makes up a tenant, and writes DIR/photos/ (masters) and DIR/truth.json (what an audit must find). The same options give the same
 * tenant and the same bytes.
 * @throws when DIR cannot be written or `photos` cannot be read
 */
export async function seedTenant(options: SeedOptions): Promise<Seeded> {
  const { users, seed, profile, dir } = options;
  const settings = PROFILE_SETTINGS[profile];
  const random = randomFrom("tenant", seed, profile);
  const large = profile === "large";
  const drawn = drawnPeople(seed, settings.mostMasters(users), large ? 480 : undefined);
  const people = options.photos === undefined ? drawn : await realPeople(options.photos, seed);
  const members = inventMembers(users, settings, random);
  castMembers(members, { seed, settings, random, people, large });

  const unmatched = settings.drift ? unmatchedMasters(people) : new Map<string, MasterFile>();
  const orphans: Orphan[] = [];
  if (settings.drift) {
    const [deleted] = inventMembers(1, settings, randomFrom("deleted", seed));
    if (deleted !== undefined) {
      Object.assign(deleted, {
        upn: `deleted.person@${settings.domain}`,
        first: "Deleted",
        last: "Person",
        deleted: true,
      });
      members.push(deleted);
      orphans.push(...orphansOf(deleted, people, settings));
    }
  }
  nameFiles(members, randomFrom("files", drawingSeed(seed, profile)));
  const files = new Map(unmatched);
  for (const { master, moreFiles } of members)
    for (const file of master === null ? [] : [master, ...moreFiles])
      if (file.file !== null) files.set(file.file, file);

  await mkdir(dir, { recursive: true });
  const truthFile = join(dir, "truth.json");
  await writeFolder(join(dir, "photos"), files, await formerFiles(truthFile));
  const truth = truthOf(seed, { members, files, unmatched, orphans }, settings.photoService === "split");
  await writeFile(`${truthFile}.part`, `${JSON.stringify(truth, null, users > 2000 ? 0 : 1)}\n`);
  await rename(`${truthFile}.part`, truthFile);
  const tenant = tenantOf({ members, orphans, settings, seed, random });
  startServices(tenant);
  return {
    tenant,
    patterns: ["{upn}", "{first} {last}"],
    extraConfig: "",
  };
}
