-- Who may sign in, and what each may do. Secrets are kept as their SHA-256.

CREATE TABLE account (
  id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice
  name TEXT NOT NULL,
  folded_name TEXT NOT NULL UNIQUE,
  role INTEGER NOT NULL,  -- 0 intake, 1 viewer, 2 editor, 3 admin
  disabled INTEGER NOT NULL,
  password TEXT NOT NULL,  -- Argon2id with its salt and parameters; empty: none was set yet
  created_at INTEGER NOT NULL,
  signed_in_at INTEGER
);

CREATE TABLE account_session (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL REFERENCES account (id),
  secret BLOB NOT NULL UNIQUE,
  began_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  idle_ends INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  address TEXT NOT NULL,
  agent TEXT NOT NULL
);
CREATE INDEX account_session_by_account ON account_session (account_id, seen_at);

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
