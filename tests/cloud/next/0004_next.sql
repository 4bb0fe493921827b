-- What a next version may bring: a column with a default, an index, a table. A script means the same when it is run
-- again; MySQL has no ADD COLUMN IF NOT EXISTS, so the dictionary is asked.

SET @script = (SELECT IF(COUNT(*) = 0,
    'ALTER TABLE person ADD COLUMN nickname VARCHAR(1000) NOT NULL DEFAULT ''none'', ADD KEY person_by_nickname (nickname(100), id)',
    'DO 0')
  FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'person' AND column_name = 'nickname');
PREPARE script FROM @script;
EXECUTE script;
DEALLOCATE PREPARE script;

CREATE TABLE IF NOT EXISTS nickname_change (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  person_id BIGINT NOT NULL,
  at BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC;
