import { thumbnailSizeOf, type PhotoAddress } from "../../model/address.js";
import type { OwnWriteRecords } from "../../run/records/own-writes.js";
import type { Db } from "./database.js";

/** Codes of writes that may have been carried out although they are settled as failed: the answer was lost, or the program ended. */
const MAY_HAVE_ARRIVED = ["interrupted", "connection-lost", "outcome-unknown", "service-unavailable", "throttled"];

/** A confirmed write to a user's thumbnails or properties. */
export interface UnfinishedRow {
  readonly action: "write-thumbnail" | "set-picture-properties";
  readonly address: string;
  readonly existed: number | null;
  readonly source: "master" | "cloud-photo" | "backup" | null;
}

/**
 * Writes of a user that no new picture timestamp followed: the timestamp is the last step of every repair, so these were
 * cut off. What an undo took back since is left out, and so is a property write that wanted no timestamp.
 */
export const UNFINISHED_WRITES = `
  WITH own AS (
    SELECT entry, json_extract(action, '$.action') AS action, json_extract(action, '$.address') AS address,
           json_extract(action, '$.restores') IS NOT NULL AS restores,
           json_extract(action, '$.after.properties."SPS-PictureTimestamp"') AS wanted,
           json_extract(after, '$.values."SPS-PictureTimestamp"') AS stamped,
           json_extract(before, '$.exists') AS existed, json_extract(action, '$.after.source.kind') AS source
    FROM journal WHERE user_id = ? AND outcome = 'applied')
  SELECT action, address, existed, source FROM own AS write
  WHERE entry > coalesce((SELECT max(entry) FROM own WHERE stamped IS NOT NULL AND restores = 0), 0) AND restores = 0
    AND (action = 'write-thumbnail' OR (action = 'set-picture-properties' AND wanted IS NOT NULL AND stamped IS NULL))
    AND NOT EXISTS (SELECT 1 FROM own AS later
                    WHERE later.entry > write.entry AND later.address = write.address AND later.restores = 1)
  ORDER BY entry`;

/** What the journal of writes tells an audit: which changes in the tenant are this program's own. */
export function ownWriteRecords(db: Db): OwnWriteRecords {
  const codes = MAY_HAVE_ARRIVED.map((code) => `'${code}'`).join(", ");
  // Confirmed under this etag (or, without etags, of this master), or sent for this master and never seen to arrive.
  const wrote = db.prepare<[string, string | null, string | null, string]>(
    `WITH own AS (
       SELECT outcome, json_extract(after, '$.etag') AS etag, json_extract(error, '$.code') AS code,
              json_extract(action, '$.after.sourceSha256') AS source
       FROM journal WHERE user_id = ? AND json_extract(action, '$.action') = 'upload-photo')
     SELECT 1 FROM own WHERE (outcome = 'applied' AND etag = ?)
       OR ((outcome IS NULL OR (outcome = 'applied' AND ? IS NULL) OR (outcome = 'failed' AND code IN (${codes}))) AND source = ?)
     LIMIT 1`,
  );
  const unfinished = db.prepare<[string], UnfinishedRow>(UNFINISHED_WRITES);
  return {
    unfinishedWrites: (userId) =>
      unfinished.all(userId).map(({ address, existed, source }) => ({
        size: thumbnailSizeOf(address as PhotoAddress),
        existed: existed !== 0,
        copied: source === "cloud-photo",
      })),
    wroteCloudPhoto: (userId, { etag, masterSha256 }) => wrote.get(userId, etag, etag, masterSha256) !== undefined,
  };
}
