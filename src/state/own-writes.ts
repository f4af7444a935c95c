import type { AuditRecords } from "../run/records.js";
import type { Db } from "./database.js";

type OwnWriteRecords = Pick<AuditRecords, "wroteCloudPhoto">;

/** Codes of writes that may have been carried out although they are settled as failed: the answer was lost, or the program ended. */
const MAY_HAVE_ARRIVED = ["interrupted", "connection-lost", "outcome-unknown", "service-unavailable", "throttled"];

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
  return {
    wroteCloudPhoto: (userId, { etag, masterSha256 }) => wrote.get(userId, etag, etag, masterSha256) !== undefined,
  };
}
