-- The search's index (docs/adr/0017-search-index.md). It is filled by the worker, while serving.

-- 1 while the index does not have the person as they are now.
ALTER TABLE person ADD COLUMN pending INTEGER NOT NULL DEFAULT 1;
CREATE INDEX person_by_pending ON person (id) WHERE pending = 1;

-- Who has a term: a row for each block of people, with their places in it.
CREATE TABLE search_posting (
  term TEXT NOT NULL,
  block INTEGER NOT NULL,
  people BLOB NOT NULL,
  PRIMARY KEY (term, block)
) WITHOUT ROWID;

-- What the index has of each person: their version when it was put there, and the text policy it was folded by.
CREATE TABLE search_entry (
  person_id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  policy INTEGER NOT NULL,
  content TEXT NOT NULL
);

-- Whom the index must forget.
CREATE TABLE search_gone (
  person_id INTEGER PRIMARY KEY
);

-- One row: how far the people were looked through for what an earlier policy folded.
CREATE TABLE search_state (
  id INTEGER PRIMARY KEY,
  policy INTEGER NOT NULL,
  swept_to INTEGER NOT NULL,
  sweep_end INTEGER NOT NULL,
  swept_at INTEGER NOT NULL,
  tended_at INTEGER NOT NULL
);
INSERT INTO search_state (id, policy, swept_to, sweep_end, swept_at, tended_at) VALUES (1, 0, 0, 0, 0, 0);

-- What the index does instead. One process works on this file, so nobody needs them any more.
DROP TABLE person_word;
DROP INDEX person_by_technology;
DROP INDEX person_by_location;
DROP INDEX person_by_files;

-- Who these records are: written down in the stores that belong to them, and never changed.
CREATE TABLE records_identity (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  identity TEXT NOT NULL  -- 32 lower-case hexadecimal digits
);
INSERT INTO records_identity (one, identity) VALUES (1, lower(hex(randomblob(16))));
