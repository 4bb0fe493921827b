-- People, the rows of their files, and the tasks that are owed. Times are milliseconds since 1970 in UTC.

CREATE TABLE person (
  id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice
  name TEXT NOT NULL,
  location TEXT NOT NULL,
  age INTEGER NOT NULL,
  technology TEXT NOT NULL,
  folded_name TEXT NOT NULL,
  folded_location TEXT NOT NULL,
  folded_technology TEXT NOT NULL,
  words TEXT NOT NULL,  -- each folded word after a space: ' anna berlin c++'
  file_count INTEGER NOT NULL,
  has_files INTEGER NOT NULL,  -- 1 when file_count > 0
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
);
CREATE INDEX person_by_name ON person (folded_name, id);
CREATE INDEX person_by_age ON person (age, id);
CREATE INDEX person_by_technology ON person (folded_technology, id);
CREATE INDEX person_by_location ON person (folded_location, id);
CREATE INDEX person_by_files ON person (has_files, id);

-- Which people have a word; a word's beginning is a range of the key.
CREATE TABLE person_word (
  word TEXT NOT NULL,
  person_id INTEGER NOT NULL,
  PRIMARY KEY (word, person_id)
) WITHOUT ROWID;

CREATE TABLE file (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  person_id INTEGER REFERENCES person (id),  -- set exactly when the file is stored
  object_key TEXT NOT NULL UNIQUE,
  state INTEGER NOT NULL,  -- 0 uploading, 1 stored, 2 deleting
  name TEXT NOT NULL,
  size INTEGER NOT NULL,
  media_type TEXT NOT NULL,
  sha256 BLOB,
  lease_token TEXT,   -- who uploads, or did
  lease_ends INTEGER,
  created_at INTEGER NOT NULL
);
CREATE INDEX file_by_person ON file (person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX file_by_lease ON file (lease_token) WHERE state = 0;

-- What is owed for a file: one task at most. While it is leased, due_at is when the lease ends.
CREATE TABLE task (
  file_id INTEGER PRIMARY KEY REFERENCES file (id),
  kind INTEGER NOT NULL,  -- 0 reap, 1 index, 2 erase
  due_at INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  erase_again INTEGER NOT NULL,
  lease_token TEXT
);
CREATE INDEX task_by_due ON task (due_at, file_id);

CREATE TABLE history (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  person_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  action TEXT NOT NULL,
  what TEXT NOT NULL
);
CREATE INDEX history_by_person ON history (person_id, id);

-- Idempotency keys: claimed while a lease lives, used for good once there is a person.
CREATE TABLE idempotency_key (
  scope TEXT NOT NULL,
  name TEXT NOT NULL,
  lease_token TEXT NOT NULL,
  lease_ends INTEGER NOT NULL,
  person_id INTEGER,
  fingerprint BLOB,
  used_at INTEGER,
  PRIMARY KEY (scope, name)
) WITHOUT ROWID;
CREATE INDEX idempotency_key_by_lease ON idempotency_key (lease_token) WHERE person_id IS NULL;
CREATE INDEX idempotency_key_by_use ON idempotency_key (used_at) WHERE person_id IS NOT NULL;
