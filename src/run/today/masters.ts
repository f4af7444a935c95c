import { focusByFile, matchMasters } from "../../desired/index.js";
import type { PolicyConfig, SourceConfig } from "../../model/config.js";
import type { UserId } from "../../model/ids.js";
import type { Crop } from "../../model/shapes.js";
import type { DirectoryUser } from "../../model/user.js";
import { currentMaster } from "../observe-masters.js";
import type { MasterRecords } from "../records/masters.js";
import type { PictureRecords } from "../records/pictures.js";
import type { UserRecords } from "../records/users.js";
import type { PortsOf } from "../settings.js";

/** The picture that a user is to have today: a file of the source folder and the square cut out of it. */
export interface MasterToday {
  readonly file: string;
  readonly crop: Crop;
}

export interface MasterRules {
  readonly source: Pick<SourceConfig, "patterns" | "domain">;
  readonly policy: Pick<PolicyConfig, "minimumPixels">;
}

/**
 * The masters of some users as an audit would find them now: today's files, patterns and mapping over the whole directory, readable,
 * suitable and large enough. Who has none is not in the map. A file that was read before and is unchanged costs one stat.
 * Throws PhotodriftError `source-…` from the scan.
 */
export async function mastersToday(
  ports: PortsOf<"source" | "images", MasterRecords & PictureRecords & UserRecords>,
  { source, policy }: MasterRules,
  users: Iterable<DirectoryUser>,
): Promise<ReadonlyMap<UserId, MasterToday>> {
  const scan = await ports.source.scan();
  const mapping = await ports.source.mapping();
  const files = scan.files.map(({ file }) => file);
  const matches = matchMasters({ files, users: ports.records.users(), ...source, mapping });
  const focusOf = focusByFile(mapping ?? [], files);
  const scanned = new Map(scan.files.map((file) => [file.file, file]));
  const found = new Map<UserId, MasterToday>();
  for (const { id } of users) {
    const match = matches.byUser.get(id);
    const file = match?.kind === "matched" ? scanned.get(match.file) : undefined;
    if (file === undefined) continue;
    const master = await currentMaster(ports, file, focusOf.get(file.file) ?? null);
    if (master.kind !== "usable") continue;
    const { width, height } = master.signature;
    if (Math.min(width, height) >= policy.minimumPixels) found.set(id, { file: file.file, crop: master.crop });
  }
  return found;
}
