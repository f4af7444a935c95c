import type { UserId } from "../../model/ids.js";
import type { ObservedProfile } from "../../model/photo.js";
import { stemNamedBy } from "../../model/picture-url.js";
import type { CloudPhotoRecords, StoredCloudPhoto } from "../../run/records/cloud-photos.js";
import type { ProfileRecords } from "../../run/records/profiles.js";
import type { RefusalRecords } from "../../run/records/refusals.js";
import type { Db } from "./database.js";
import { isSameText, packText, textOf, type KeptText } from "./packed-text.js";
import { hashOf, keptHash, type KeptHash } from "./short-forms.js";
import { errorText, storedError } from "./stored-error.js";

interface CloudRow {
  readonly user_id: string;
  readonly store: "entra" | "exchange";
  readonly attribution: StoredCloudPhoto["attribution"];
  readonly kind: StoredCloudPhoto["kind"];
  readonly etag: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly byte_length: number | null;
  readonly signature_sha: KeptHash | null;
  readonly error: string | null;
  readonly changed_at: string | null;
  readonly previous_sha: KeptHash | null;
}

/** What the stores showed of every user: cloud photos, refusals, profiles. */
export function observationRecords(db: Db): CloudPhotoRecords & RefusalRecords & ProfileRecords {
  const cloudOfUser = db.prepare<[string], CloudRow>(
    "SELECT * FROM cloud_photos WHERE user_id = ? ORDER BY store DESC",
  );
  // An unchanged photo is not written again.
  const insertCloud = db.prepare(
    `INSERT INTO cloud_photos(user_id, store, attribution, kind, etag, width, height, byte_length, signature_sha, error, changed_at,
       previous_sha, seen_run)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')
     ON CONFLICT(user_id, store) DO UPDATE SET attribution = excluded.attribution, kind = excluded.kind, etag = excluded.etag,
       width = excluded.width, height = excluded.height, byte_length = excluded.byte_length, signature_sha = excluded.signature_sha,
       error = excluded.error, changed_at = excluded.changed_at, previous_sha = excluded.previous_sha
     WHERE attribution <> excluded.attribution OR kind <> excluded.kind OR etag IS NOT excluded.etag OR width IS NOT excluded.width
       OR height IS NOT excluded.height OR byte_length IS NOT excluded.byte_length OR signature_sha IS NOT excluded.signature_sha
       OR error IS NOT excluded.error OR changed_at IS NOT excluded.changed_at OR previous_sha IS NOT excluded.previous_sha`,
  );
  const countAccounts = db.prepare<KeptHash[], { n: number }>(
    `SELECT count(*) AS n FROM (
       SELECT user_id FROM cloud_photos WHERE substr(signature_sha, 1, 6) = substr(?, 1, 6) AND signature_sha = ?
       UNION SELECT stem FROM library_files WHERE substr(signature_sha, 1, 6) = substr(?, 1, 6) AND signature_sha = ?)`,
  );
  const insertProfile = db.prepare(
    "INSERT OR REPLACE INTO profiles(user_id, json, complete, read_at, picture_stem) VALUES (?, ?, 1, ?, ?)",
  );
  const setReadAt = db.prepare("UPDATE profiles SET read_at = ? WHERE user_id = ?");
  const claimants = db.prepare<[string], { user_id: string }>("SELECT user_id FROM profiles WHERE picture_stem = ?");
  const refusalOf = db.prepare<[string, string], { refusal: string; runs: number; last_run: string }>(
    "SELECT refusal, runs, last_run FROM refusals WHERE user_id = ? AND store = ?",
  );
  const setRefusal = db.prepare(
    "INSERT OR REPLACE INTO refusals(user_id, store, refusal, runs, last_run) VALUES (?, ?, ?, ?, ?)",
  );
  const forgetRefusal = db.prepare("DELETE FROM refusals WHERE user_id = ? AND store = ?");
  /** The profile that was unpacked last: a user's is asked for several times in a row. */
  let unpacked: { readonly json: KeptText; readonly profile: ObservedProfile } | null = null;
  const profileOf = (json: KeptText): ObservedProfile => {
    if (unpacked === null || !isSameText(unpacked.json, json)) {
      unpacked = { json, profile: JSON.parse(textOf(json)) as ObservedProfile };
    }
    return unpacked.profile;
  };
  const oneProfile = db.prepare<[string], { json: KeptText; read_at: string; picture_stem: string | null }>(
    "SELECT json, read_at, picture_stem FROM profiles WHERE user_id = ?",
  );
  return {
    cloudPhotos(userId) {
      return cloudOfUser.all(userId).map((row) => ({
        userId: row.user_id as UserId,
        store: row.store,
        attribution: row.attribution,
        kind: row.kind,
        etag: row.etag,
        width: row.width,
        height: row.height,
        byteLength: row.byte_length,
        signatureSha: hashOf(row.signature_sha),
        error: storedError(row.error),
        changedAt: row.changed_at,
        previousSha: hashOf(row.previous_sha),
      }));
    },
    saveCloudPhoto(_runId, photo) {
      const { changes } = insertCloud.run(
        photo.userId,
        photo.store,
        photo.attribution,
        photo.kind,
        photo.etag,
        photo.width,
        photo.height,
        photo.byteLength,
        keptHash(photo.signatureSha),
        errorText(photo.error),
        photo.changedAt,
        keptHash(photo.previousSha),
      );
      return changes > 0;
    },
    accountsShowing(sha256) {
      const sha = keptHash(sha256);
      return countAccounts.get(sha, sha, sha, sha)?.n ?? 0;
    },
    profile(userId) {
      const row = oneProfile.get(userId);
      if (row === undefined) return null;
      return { profile: profileOf(row.json), readAt: row.read_at };
    },
    saveProfile(userId, stored) {
      const { profile, readAt } = stored;
      const stem = stemNamedBy(profile);
      const text = JSON.stringify(profile);
      const before = oneProfile.get(userId);
      const isSame =
        before !== undefined && before.picture_stem === stem && JSON.stringify(profileOf(before.json)) === text;
      if (isSame) setReadAt.run(readAt, userId);
      else insertProfile.run(userId, packText(text), readAt, stem);
      return !isSame;
    },
    claimantsOfStem(stem) {
      return claimants.all(stem).map((row) => row.user_id as UserId);
    },
    noteRefusal(runId, userId, store, refusal) {
      const before = refusalOf.get(userId, store);
      if (refusal === null) {
        if (before !== undefined) forgetRefusal.run(userId, store);
        return 0;
      }
      const same = before?.refusal === refusal ? before : null;
      const runs = same === null ? 1 : same.runs + (same.last_run === runId ? 0 : 1);
      setRefusal.run(userId, store, refusal, runs, runId);
      return runs;
    },
  };
}
