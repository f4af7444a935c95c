/** The tables as the first release made them; what came later is in `migrations.ts`. */
export const FIRST_SCHEMA = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE users (
  id TEXT PRIMARY KEY,
  upn_key TEXT NOT NULL,
  json TEXT NOT NULL,
  seen_run TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX users_by_upn ON users(upn_key, id);

CREATE TABLE signatures (
  sha256 TEXT PRIMARY KEY,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  byte_length INTEGER NOT NULL,
  hash TEXT NOT NULL,
  luma BLOB NOT NULL,
  json TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE previews (sha256 TEXT PRIMARY KEY, jpeg BLOB NOT NULL) WITHOUT ROWID;

CREATE TABLE verdicts (
  master_key TEXT NOT NULL,
  rendition_sha TEXT NOT NULL,
  thresholds TEXT NOT NULL,
  json TEXT NOT NULL,
  PRIMARY KEY (master_key, rendition_sha)
) WITHOUT ROWID;

CREATE TABLE masters (
  file TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  mtime_ms REAL NOT NULL,
  sha256 TEXT,
  json TEXT NOT NULL,
  seen_run TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX masters_by_sha ON masters(sha256);

CREATE TABLE user_masters (
  user_id TEXT PRIMARY KEY,
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX user_masters_by_sha ON user_masters(sha256);

CREATE TABLE retired_masters (
  user_id TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  file TEXT NOT NULL,
  PRIMARY KEY (user_id, sha256)
) WITHOUT ROWID;

CREATE TABLE cloud_photos (
  user_id TEXT NOT NULL,
  store TEXT NOT NULL,
  attribution TEXT NOT NULL,
  kind TEXT NOT NULL,
  etag TEXT,
  width INTEGER,
  height INTEGER,
  byte_length INTEGER,
  signature_sha TEXT,
  error TEXT,
  changed_at TEXT,
  seen_run TEXT NOT NULL,
  PRIMARY KEY (user_id, store)
) WITHOUT ROWID;
CREATE INDEX cloud_photos_by_signature ON cloud_photos(signature_sha);

CREATE TABLE library_files (
  unique_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  folder TEXT NOT NULL,
  stem TEXT NOT NULL,
  size TEXT NOT NULL,
  etag TEXT,
  length INTEGER,
  modified_at TEXT,
  signature_sha TEXT,
  error TEXT,
  seen_run TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX library_files_by_stem ON library_files(stem, folder, size, unique_id);
CREATE INDEX library_files_by_signature ON library_files(signature_sha);

CREATE TABLE profiles (
  user_id TEXT PRIMARY KEY,
  json TEXT NOT NULL,
  complete INTEGER NOT NULL,
  read_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE last_applied (
  user_id TEXT NOT NULL,
  slot TEXT NOT NULL,
  json TEXT NOT NULL,
  PRIMARY KEY (user_id, slot)
) WITHOUT ROWID;

CREATE TABLE accepted (
  user_id TEXT NOT NULL,
  slot TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (user_id, slot)
) WITHOUT ROWID;

CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  mode TEXT NOT NULL,
  trigger TEXT NOT NULL,
  tenant TEXT NOT NULL,
  started_at TEXT NOT NULL,
  finished_at TEXT,
  head TEXT,
  summary TEXT,
  cost TEXT
) WITHOUT ROWID;

CREATE TABLE findings (
  run_id TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  sort_key TEXT NOT NULL,
  id TEXT NOT NULL,
  json TEXT NOT NULL,
  PRIMARY KEY (run_id, sort_key, id)
) WITHOUT ROWID;

CREATE TABLE outcomes (
  run_id TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  json TEXT NOT NULL,
  PRIMARY KEY (run_id, seq)
) WITHOUT ROWID;

CREATE TABLE open_findings (
  id TEXT PRIMARY KEY,
  rule TEXT NOT NULL,
  address TEXT NOT NULL,
  user_id TEXT,
  first_seen TEXT NOT NULL,
  first_run TEXT NOT NULL,
  last_run TEXT NOT NULL
) WITHOUT ROWID;
`;
