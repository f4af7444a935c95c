import { FIRST_SCHEMA } from "./first-schema.js";
import { BYTES_IN_KEYS, KEYS_ONCE, SHORT_ROWS } from "./small-rows.js";

/** Schema steps; the index plus one is the schema version. Never edited after a release, only added to. */
export const MIGRATIONS: readonly string[] = [
  FIRST_SCHEMA,
  `
CREATE TABLE plans (
  plan_id TEXT PRIMARY KEY,
  head TEXT NOT NULL,
  digest TEXT NOT NULL,
  expires_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE plan_actions (
  plan_id TEXT NOT NULL,
  sort_key TEXT NOT NULL,
  id TEXT NOT NULL,
  json TEXT NOT NULL,
  PRIMARY KEY (plan_id, sort_key, id)
) WITHOUT ROWID;

CREATE TABLE journal (
  entry INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id TEXT NOT NULL,
  plan_id TEXT NOT NULL,
  user_id TEXT,
  action TEXT NOT NULL,
  before TEXT NOT NULL,
  backup_sha TEXT,
  backup_note TEXT,
  sent_sha TEXT,
  at TEXT NOT NULL,
  outcome TEXT,
  settled_at TEXT,
  after TEXT,
  error TEXT
);
CREATE INDEX journal_by_run ON journal(run_id, entry);
CREATE INDEX journal_open ON journal(entry) WHERE outcome IS NULL;
CREATE INDEX journal_by_plan ON journal(plan_id, user_id);
CREATE INDEX journal_by_user ON journal(user_id) WHERE backup_sha IS NOT NULL;
CREATE INDEX journal_by_backup ON journal(backup_sha) WHERE backup_sha IS NOT NULL;
CREATE INDEX journal_by_time ON journal(settled_at) WHERE outcome = 'applied';

CREATE TABLE run_lock (
  tenant TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  beat_at INTEGER NOT NULL
) WITHOUT ROWID;
`,
  // The stem that upload tools make of a UPN, by which a file finds its owner.
  `
CREATE INDEX users_by_stem ON users(replace(replace(upn_key, '@', '_'), '.', '_'));
`,
  // What the cloud showed before its last change, and whose write that change was.
  `
ALTER TABLE cloud_photos ADD COLUMN previous_sha TEXT;
CREATE INDEX journal_by_owner ON journal(user_id, entry);
`,
  // Reports that the program named itself; they go with their run.
  `
CREATE TABLE report_files (path TEXT PRIMARY KEY, run_id TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX report_files_by_run ON report_files(run_id);
`,
  // Whose PictureURL names a file, and refusals of the service that stay. Profiles are read again: their stems are not known yet.
  `
DELETE FROM profiles;
ALTER TABLE profiles ADD COLUMN picture_stem TEXT;
CREATE INDEX profiles_by_picture_stem ON profiles(picture_stem) WHERE picture_stem IS NOT NULL;
CREATE TABLE refusals (
  user_id TEXT NOT NULL,
  store TEXT NOT NULL,
  refusal TEXT NOT NULL,
  runs INTEGER NOT NULL,
  last_run TEXT NOT NULL,
  PRIMARY KEY (user_id, store)
) WITHOUT ROWID;
`,
  // The colours of a picture beside its luma; rows without are of an older recipe and read anew.
  `
ALTER TABLE signatures ADD COLUMN chroma BLOB;
`,
  // Outcomes by address, and what a run cured or brought back: an undo turns it round.
  `
CREATE INDEX outcomes_by_address ON outcomes(run_id, json ->> 'address');
CREATE TABLE settled_findings (
  run_id TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  sort_key TEXT NOT NULL,
  id TEXT NOT NULL,
  json TEXT NOT NULL,
  PRIMARY KEY (run_id, kind, sort_key, id)
) WITHOUT ROWID;
`,
  // What people decided about findings; it holds while `seen` and `master` are what stands in the tenant and the folder.
  `
CREATE TABLE decisions (
  finding_id TEXT PRIMARY KEY,
  address TEXT NOT NULL,
  user_id TEXT,
  rule TEXT NOT NULL,
  kind TEXT NOT NULL,
  seen TEXT NOT NULL,
  master TEXT,
  decided_by TEXT NOT NULL,
  at TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX decisions_by_user ON decisions(user_id, address, rule);
`,
  // A finding that stays is one text with the spans of runs that had it, not a row in each run. Runs are counted in the order they began.
  `
ALTER TABLE runs ADD COLUMN seq INTEGER;
UPDATE runs SET seq = (SELECT count(*) FROM runs AS other WHERE (other.started_at, other.id) <= (runs.started_at, runs.id));
CREATE UNIQUE INDEX runs_by_seq ON runs(seq);
CREATE TABLE finding_texts (
  text INTEGER PRIMARY KEY,
  sort_key TEXT NOT NULL,
  id TEXT NOT NULL,
  json TEXT NOT NULL
);
CREATE INDEX finding_texts_by_key ON finding_texts(sort_key, id);
CREATE TABLE finding_spans (
  text INTEGER NOT NULL,
  first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  PRIMARY KEY (text, first_seq)
) WITHOUT ROWID;
CREATE INDEX finding_spans_by_end ON finding_spans(last_seq);
INSERT INTO finding_texts(sort_key, id, json) SELECT DISTINCT sort_key, id, json FROM findings;
INSERT INTO finding_spans(text, first_seq, last_seq)
  SELECT text, min(seq), max(seq) FROM (
    SELECT t.text, r.seq, r.seq - row_number() OVER (PARTITION BY t.text ORDER BY r.seq) AS island
    FROM findings f JOIN runs r ON r.id = f.run_id
    JOIN finding_texts t ON t.sort_key = f.sort_key AND t.id = f.id AND t.json = f.json)
  GROUP BY text, island;
DROP TABLE findings;
`,
  // A signature in a quarter of its room, in rows that are appended. Pixels of former versions stay as they are until they are read anew.
  `
CREATE TABLE pictures (
  picture INTEGER PRIMARY KEY,
  sha256 BLOB NOT NULL UNIQUE,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  byte_length INTEGER NOT NULL,
  format TEXT NOT NULL,
  jpeg_quality INTEGER,
  placeholder_score REAL NOT NULL,
  version INTEGER NOT NULL,
  hash BLOB NOT NULL,
  dct_hash BLOB NOT NULL,
  spectrum TEXT,
  framings BLOB,
  pixels BLOB NOT NULL
);
INSERT INTO pictures(sha256, width, height, byte_length, format, jpeg_quality, placeholder_score, version, hash, dct_hash, spectrum, framings, pixels)
  SELECT unhex(sha256), width, height, byte_length, coalesce(json ->> 'format', ''), json ->> 'jpegQuality',
    coalesce(json ->> 'placeholderScore', 0), coalesce(json ->> 'version', 0), unhex(hash), coalesce(unhex(json ->> 'dctHash'), zeroblob(32)),
    json -> 'spectrum',
    (SELECT unhex(group_concat((value ->> 'hash') || (value ->> 'dctHash'), '')) FROM json_each(signatures.json, '$.framings')),
    unhex(hex(luma) || coalesce(hex(chroma), ''))
  FROM signatures WHERE unhex(sha256) IS NOT NULL;
DROP TABLE signatures;
`,
  // What stands is marked with the number of the run that opened or closed it, and holds by one mark in the run's own row; a finding keeps its
  // sort key in place of rule and address. Texts of findings are packed from here on; those of before stay as they are.
  `
ALTER TABLE runs ADD COLUMN settled INTEGER;
UPDATE runs SET settled = 1 WHERE head IS NOT NULL;
CREATE TABLE standing_findings (
  id TEXT PRIMARY KEY,
  sort_key TEXT NOT NULL,
  user_id TEXT,
  first_seen TEXT NOT NULL,
  opened_by INTEGER,
  closed_by INTEGER
) WITHOUT ROWID;
INSERT INTO standing_findings(id, sort_key, user_id, first_seen)
  SELECT o.id, coalesce(u.upn_key, CASE WHEN o.user_id IS NULL THEN char(65535) ELSE '' END) || char(1) || o.address || char(1) || o.rule,
    o.user_id, o.first_seen
  FROM open_findings o LEFT JOIN users u ON u.id = o.user_id;
DROP TABLE open_findings;
`,
  // Hashes are found by their beginning: an index of twelve of their digits is a fourth as large. Nothing looks for masters by theirs.
  `
DROP INDEX cloud_photos_by_signature;
DROP INDEX library_files_by_signature;
DROP INDEX user_masters_by_sha;
DROP INDEX masters_by_sha;
CREATE INDEX cloud_photos_by_signature ON cloud_photos(substr(signature_sha, 1, 12)) WHERE signature_sha IS NOT NULL;
CREATE INDEX library_files_by_signature ON library_files(substr(signature_sha, 1, 12)) WHERE signature_sha IS NOT NULL;
CREATE INDEX user_masters_by_sha ON user_masters(substr(sha256, 1, 12));
`,
  KEYS_ONCE,
  SHORT_ROWS,
  BYTES_IN_KEYS,
  // The master that a picture was accepted against; what was accepted before knows of none, and stands whatever becomes of it.
  `
ALTER TABLE accepted ADD COLUMN master TEXT;
`,
  // By what the user is known again whose master a file is, so that it is not given to whoever gets the name next.
  `
ALTER TABLE user_masters ADD COLUMN who TEXT;
CREATE INDEX user_masters_unknown ON user_masters(who) WHERE who IS NULL;
`,
];
