-- Who these records are: written down in the stores that belong to them, and never changed. It has to be its own,
-- not secret: RANDOM_BYTES is not there in MariaDB before 10.10.
CREATE TABLE IF NOT EXISTS records_identity (
  one TINYINT NOT NULL PRIMARY KEY,
  identity CHAR(32) NOT NULL  -- lower-case hexadecimal digits
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC;
INSERT IGNORE INTO records_identity (one, identity)
  VALUES (1, MD5(CONCAT(UUID(), RAND(), NOW(6), CONNECTION_ID())));
