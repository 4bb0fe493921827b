-- The search's index (docs/adr/0017-search-index.md). It is filled by the worker, while serving. MySQL has no
-- ADD COLUMN IF NOT EXISTS, so the dictionary is asked.

-- 1 while the index does not have the person as they are now; so it is for whoever a node of the version before adds.
SET @script = (SELECT IF(COUNT(*) = 0,
    'ALTER TABLE person ADD COLUMN pending TINYINT NOT NULL DEFAULT 1, ADD KEY person_by_pending (pending, id)',
    'DO 0')
  FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'person' AND column_name = 'pending');
PREPARE script FROM @script;
EXECUTE script;
DEALLOCATE PREPARE script;

-- Who has a term: a row for each block of people, with their places in it.
CREATE TABLE IF NOT EXISTS search_posting (
  term VARBINARY(1100) NOT NULL,
  block BIGINT NOT NULL,
  people BLOB NOT NULL,
  PRIMARY KEY (term, block)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC;

-- What the index has of each person: their version when it was put there, and the text policy it was folded by.
CREATE TABLE IF NOT EXISTS search_entry (
  person_id BIGINT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  policy BIGINT NOT NULL,
  content MEDIUMBLOB NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC;

-- Whom the index must forget.
CREATE TABLE IF NOT EXISTS search_gone (
  person_id BIGINT NOT NULL PRIMARY KEY
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC;

-- One row: how far the people were looked through for what an earlier policy folded, or a node of the version before
-- changed.
CREATE TABLE IF NOT EXISTS search_state (
  id INT NOT NULL PRIMARY KEY,
  policy BIGINT NOT NULL,
  swept_to BIGINT NOT NULL,
  sweep_end BIGINT NOT NULL,
  swept_at BIGINT NOT NULL,
  tended_at BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC;
INSERT IGNORE INTO search_state (id, policy, swept_to, sweep_end, swept_at, tended_at) VALUES (1, 0, 0, 0, 0, 0);

-- Who these records are: written down in the stores that belong to them, and never changed. It has to be its own,
-- not secret: RANDOM_BYTES is not there in MariaDB before 10.10, MD5 not in MySQL 9.7.
CREATE TABLE IF NOT EXISTS records_identity (
  one TINYINT NOT NULL PRIMARY KEY,
  identity CHAR(32) NOT NULL  -- lower-case hexadecimal digits
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC;
INSERT IGNORE INTO records_identity (one, identity)
  VALUES (1, LEFT(SHA2(CONCAT(UUID(), RAND(), NOW(6), CONNECTION_ID()), 256), 32));
