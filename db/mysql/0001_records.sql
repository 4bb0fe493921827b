-- People, the rows of their files, and the tasks that are owed. Times are milliseconds since 1970 in UTC.
--
-- The same tables as db/sqlite has, for MySQL 8 and MariaDB 10.11. What is compared or sorted is kept as bytes
-- (VARBINARY): no collation folds it, and none ignores spaces at its end; an index entry has 3072 bytes.
--
-- These databases commit at each statement of a definition, so a script must mean the same when it is run again
-- from its beginning: IF NOT EXISTS, and indexes within their table. Scripts only add, and what they add has a
-- default: a node of the version before goes on working on the new tables until it is replaced.

CREATE TABLE IF NOT EXISTS person (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,  -- never used twice
  name VARCHAR(1000) NOT NULL,
  location VARCHAR(1000) NOT NULL,
  age INT NOT NULL,
  technology VARCHAR(1000) NOT NULL,
  folded_name VARBINARY(1000) NOT NULL,
  folded_location VARBINARY(1000) NOT NULL,
  folded_technology VARBINARY(1000) NOT NULL,
  words TEXT NOT NULL,  -- each folded word after a space: ' anna berlin c++'
  file_count INT NOT NULL,
  has_files TINYINT NOT NULL,  -- 1 when file_count > 0
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  KEY person_by_name (folded_name, id),
  KEY person_by_age (age, id),
  KEY person_by_technology (folded_technology, id),
  KEY person_by_location (folded_location, id),
  KEY person_by_files (has_files, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC;

-- Which people have a word; a word's beginning is a range of the key.
CREATE TABLE IF NOT EXISTS person_word (
  word VARBINARY(1000) NOT NULL,
  person_id BIGINT NOT NULL,
  PRIMARY KEY (word, person_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC;

CREATE TABLE IF NOT EXISTS file (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  person_id BIGINT,  -- set exactly when the file is stored
  object_key VARBINARY(1024) NOT NULL,
  state TINYINT NOT NULL,  -- 0 uploading, 1 stored, 2 deleting
  name VARCHAR(1000) NOT NULL,
  size BIGINT NOT NULL,
  media_type VARCHAR(255) NOT NULL,
  sha256 BINARY(32),
  lease_token VARBINARY(64),  -- who uploads, or did
  lease_ends BIGINT,
  created_at BIGINT NOT NULL,
  UNIQUE KEY file_by_object_key (object_key),
  KEY file_by_person (person_id, id),
  KEY file_by_lease (lease_token, state),
  CONSTRAINT file_of_person FOREIGN KEY (person_id) REFERENCES person (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC;

-- What is owed for a file: one task at most. While it is leased, due_at is when the lease ends.
CREATE TABLE IF NOT EXISTS task (
  file_id BIGINT NOT NULL PRIMARY KEY,
  kind TINYINT NOT NULL,  -- 0 reap, 1 index, 2 erase
  due_at BIGINT NOT NULL,
  generation BIGINT NOT NULL,
  attempts INT NOT NULL,
  erase_again TINYINT NOT NULL,
  lease_token VARBINARY(64),
  KEY task_by_due (due_at, file_id),
  CONSTRAINT task_of_file FOREIGN KEY (file_id) REFERENCES file (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC;

CREATE TABLE IF NOT EXISTS history (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  person_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  action VARCHAR(64) NOT NULL,
  what VARCHAR(1000) NOT NULL,
  KEY history_by_person (person_id, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC;

-- Idempotency keys: claimed while a lease lives, used for good once there is a person.
CREATE TABLE IF NOT EXISTS idempotency_key (
  scope VARBINARY(255) NOT NULL,
  name VARBINARY(255) NOT NULL,
  lease_token VARBINARY(64) NOT NULL,
  lease_ends BIGINT NOT NULL,
  person_id BIGINT,
  fingerprint BINARY(32),
  used_at BIGINT,
  PRIMARY KEY (scope, name),
  KEY idempotency_key_by_lease (lease_token),
  KEY idempotency_key_by_use (used_at),
  KEY idempotency_key_unused (person_id, lease_ends)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC;

-- By which a transaction whose COMMIT went unanswered is looked up: docs/adr/0006-lost-commits.md. The token
-- begins with its time, so that old ones are a range of the key.
CREATE TABLE IF NOT EXISTS commit_token (
  token BINARY(16) NOT NULL PRIMARY KEY,
  committed TINYINT NOT NULL  -- 0: somebody looked, found nothing, and keeps it from happening later
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC;
