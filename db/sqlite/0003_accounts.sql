-- Who may sign in, and what each may do. Secrets are kept as their SHA-256.

CREATE TABLE account (
  id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice
  name TEXT NOT NULL,
  folded_name TEXT NOT NULL UNIQUE,
  role INTEGER NOT NULL,  -- 0 intake, 1 viewer, 2 editor, 3 admin
  disabled INTEGER NOT NULL,
  password TEXT NOT NULL,  -- Argon2id with its salt and parameters; empty: none was set yet
  second_factor INTEGER NOT NULL DEFAULT 0,  -- 1: signing in takes a code too
  created_at INTEGER NOT NULL,
  signed_in_at INTEGER
);

CREATE TABLE account_session (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES account (id),
  secret BLOB NOT NULL UNIQUE,
  began_at INTEGER NOT NULL,
  proved_at INTEGER NOT NULL,  -- when the password was last given
  seen_at INTEGER NOT NULL,
  idle_ends INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  address TEXT NOT NULL,
  agent TEXT NOT NULL
);
CREATE INDEX account_session_by_account ON account_session (account_id, seen_at);

-- A sign-in whose password was right, and that waits for the second factor.
CREATE TABLE account_pending (
  secret BLOB PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id),
  wrong INTEGER NOT NULL,
  ends_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX account_pending_by_account ON account_pending (account_id);

-- The secret of an account's one-time codes. It is not in use before the first code was given.
CREATE TABLE account_code (
  account_id INTEGER PRIMARY KEY REFERENCES account (id),
  secret BLOB NOT NULL,
  confirmed INTEGER NOT NULL,
  last_step INTEGER NOT NULL,  -- of the last code that was used: each works once
  wrong INTEGER NOT NULL,  -- codes since the last right one
  wrong_at INTEGER NOT NULL  -- when the last of them was
);

CREATE TABLE account_recovery (
  account_id INTEGER NOT NULL REFERENCES account (id),
  code BLOB NOT NULL,
  PRIMARY KEY (account_id, code)
) WITHOUT ROWID;

-- What a program signs in with.
CREATE TABLE account_token (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES account (id),
  secret BLOB NOT NULL UNIQUE,
  name TEXT NOT NULL,
  role INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  used_at INTEGER
);
CREATE INDEX account_token_by_account ON account_token (account_id, id);

-- A link with which its holder sets the account's password, once: one an account at most.
CREATE TABLE account_link (
  account_id INTEGER PRIMARY KEY REFERENCES account (id),
  secret BLOB NOT NULL UNIQUE,
  ends_at INTEGER NOT NULL
);

-- The set-up links that servers were started with, and when that was first.
CREATE TABLE set_up_link (
  secret BLOB PRIMARY KEY,
  noted_at INTEGER NOT NULL
) WITHOUT ROWID;

-- Who did what (domain/audit.h). An entry has a number and a hash once it is chained.
CREATE TABLE audit (
  id INTEGER PRIMARY KEY,  -- grows: the last entry is never cut off
  number INTEGER UNIQUE,
  at INTEGER NOT NULL,
  what TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject INTEGER NOT NULL,
  detail TEXT NOT NULL,
  via INTEGER NOT NULL,  -- 0 Dossier itself, 1 a command, 2 a visitor
  account_id INTEGER NOT NULL,
  session_id INTEGER NOT NULL,
  token_id INTEGER NOT NULL,
  address TEXT NOT NULL,
  hash BLOB
);
CREATE INDEX audit_by_account ON audit (account_id);
CREATE INDEX audit_by_subject ON audit (subject_kind, subject);

-- One row: where the chain ends, and where it was cut off.
CREATE TABLE audit_chain (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  last_number INTEGER NOT NULL,
  last_hash BLOB NOT NULL,
  cut_number INTEGER NOT NULL,
  cut_hash BLOB NOT NULL
);
INSERT INTO audit_chain VALUES (1, 0, zeroblob(32), 0, zeroblob(32));

-- Whose doing it was; 0: nobody's who was signed in.
ALTER TABLE history ADD COLUMN account_id INTEGER NOT NULL DEFAULT 0;

-- Links with which submitters see what was stored.
CREATE TABLE receipt (
  person_id INTEGER PRIMARY KEY,
  secret BLOB NOT NULL UNIQUE,
  ends_at INTEGER NOT NULL
);
CREATE INDEX receipt_by_end ON receipt (ends_at);
