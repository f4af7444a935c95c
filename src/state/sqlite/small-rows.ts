/**
 * Keys of findings stand once: beside the texts for their order, and nowhere else. What stands names the text that it was opened with, which
 * tells of its address and user; where the runs that had it are gone, such a text is made.
 */
export const KEYS_ONCE = `
CREATE INDEX finding_texts_by_id ON finding_texts(id);
INSERT INTO finding_texts(sort_key, id, json)
  SELECT sort_key, id, json_object('id', id, 'rule', substr(rest, instr(rest, char(1)) + 1), 'address', substr(rest, 1, instr(rest, char(1)) - 1),
      'user', json(CASE WHEN user_id IS NULL THEN 'null'
                   ELSE json_object('id', user_id, 'upn', substr(sort_key, 1, instr(sort_key, char(1)) - 1)) END),
      'firstSeen', first_seen)
  FROM (SELECT *, substr(sort_key, instr(sort_key, char(1)) + 1) AS rest FROM standing_findings
        WHERE id NOT IN (SELECT id FROM finding_texts));
ALTER TABLE standing_findings RENAME TO former_standing;
CREATE TABLE standing_findings (
  id TEXT PRIMARY KEY,
  text INTEGER NOT NULL,
  first_seen NOT NULL,
  opened_by INTEGER,
  closed_by INTEGER
) WITHOUT ROWID;
INSERT INTO standing_findings(id, text, first_seen, opened_by, closed_by)
  SELECT id, (SELECT max(text) FROM finding_texts t WHERE t.id = o.id), first_seen, opened_by, closed_by FROM former_standing o;
DROP TABLE former_standing;
CREATE TABLE finding_keys (
  sort_key TEXT NOT NULL,
  id TEXT NOT NULL,
  text INTEGER NOT NULL,
  PRIMARY KEY (sort_key, id, text)
) WITHOUT ROWID;
INSERT INTO finding_keys(sort_key, id, text) SELECT sort_key, id, text FROM finding_texts ORDER BY sort_key, id, text;
DROP INDEX finding_texts_by_id;
DROP INDEX finding_texts_by_key;
ALTER TABLE finding_texts DROP COLUMN sort_key;
ALTER TABLE finding_texts DROP COLUMN id;
`;

/**
 * Hashes as bytes instead of digits; a library file names its folder by number, and itself only where stem and size do not.
 */
export const SHORT_ROWS = `
CREATE TABLE library_folders (folder INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE);
INSERT INTO library_folders(path) SELECT DISTINCT folder FROM library_files ORDER BY folder;
ALTER TABLE library_files RENAME TO former_files;
CREATE TABLE library_files (
  unique_id TEXT PRIMARY KEY,
  stem TEXT NOT NULL,
  folder INTEGER NOT NULL,
  size TEXT NOT NULL,
  name TEXT,
  etag TEXT,
  length INTEGER,
  modified_at,
  signature_sha BLOB,
  error TEXT
) WITHOUT ROWID;
INSERT INTO library_files(unique_id, stem, folder, size, name, etag, length, modified_at, signature_sha, error)
  SELECT unique_id, stem, (SELECT f.folder FROM library_folders f WHERE f.path = former_files.folder), size,
    nullif(name, stem || '_' || size || 'Thumb.jpg'), etag, length,
    CASE WHEN strftime('%Y-%m-%dT%H:%M:%SZ', modified_at) = modified_at THEN CAST(strftime('%s', modified_at) AS INTEGER)
      WHEN strftime('%Y-%m-%dT%H:%M:%fZ', modified_at) = modified_at AND modified_at > '1974'
        THEN CAST(strftime('%s', modified_at) AS INTEGER) * 1000 + CAST(substr(modified_at, 21, 3) AS INTEGER)
      ELSE modified_at END,
    ${asBytes("signature_sha")}, error
  FROM former_files ORDER BY unique_id;
DROP TABLE former_files;
DROP INDEX cloud_photos_by_signature;
DROP INDEX user_masters_by_sha;
UPDATE cloud_photos SET signature_sha = ${asBytes("signature_sha")}, previous_sha = ${asBytes("previous_sha")}
  WHERE signature_sha IS NOT NULL OR previous_sha IS NOT NULL;
UPDATE masters SET sha256 = ${asBytes("sha256")} WHERE sha256 IS NOT NULL;
UPDATE user_masters SET sha256 = ${asBytes("sha256")};
CREATE INDEX library_files_by_stem ON library_files(stem);
CREATE INDEX library_files_by_signature ON library_files(substr(signature_sha, 1, 6)) WHERE signature_sha IS NOT NULL;
CREATE INDEX cloud_photos_by_signature ON cloud_photos(substr(signature_sha, 1, 6)) WHERE signature_sha IS NOT NULL;
CREATE INDEX user_masters_by_sha ON user_masters(substr(sha256, 1, 6));
`;

/** Identifiers of files, and hashes of pictures in the keys of verdicts, as bytes too. */
export const BYTES_IN_KEYS = `
UPDATE library_files SET unique_id = unhex(replace(unique_id, '-', ''))
  WHERE length(unique_id) = 36 AND lower(unique_id) = unique_id AND length(unhex(replace(unique_id, '-', ''))) = 16
    AND substr(unique_id, 9, 1) || substr(unique_id, 14, 1) || substr(unique_id, 19, 1) || substr(unique_id, 24, 1) = '----';
UPDATE verdicts SET rendition_sha = ${asBytes("rendition_sha")};
`;

/** SHA-256 in digits as bytes; anything else as it is. */
function asBytes(column: string): string {
  return `CASE WHEN length(${column}) = 64 AND lower(${column}) = ${column} THEN coalesce(unhex(${column}), ${column}) ELSE ${column} END`;
}
