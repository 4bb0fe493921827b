-- Who may sign in, and what each may do. Secrets are kept as their SHA-256.

CREATE TABLE IF NOT EXISTS account (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,  -- never used twice
  name VARCHAR(200) NOT NULL,
  folded_name VARBINARY(1000) NOT NULL,
  role TINYINT NOT NULL,  -- 0 intake, 1 viewer, 2 editor, 3 admin
  disabled TINYINT NOT NULL,
  password VARBINARY(200) NOT NULL,  -- Argon2id with its salt and parameters; empty: none was set yet
  created_at BIGINT NOT NULL,
  signed_in_at BIGINT,
  UNIQUE KEY account_by_name (folded_name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC;

CREATE TABLE IF NOT EXISTS account_session (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  account_id BIGINT NOT NULL,
  secret BINARY(32) NOT NULL,
  began_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  idle_ends BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  address VARCHAR(100) NOT NULL,
  agent VARCHAR(400) NOT NULL,
  UNIQUE KEY account_session_by_secret (secret),
  KEY account_session_by_account (account_id, seen_at),
  CONSTRAINT account_session_of_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC;

-- What a program signs in with.
CREATE TABLE IF NOT EXISTS account_token (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  account_id BIGINT NOT NULL,
  secret BINARY(32) NOT NULL,
  name VARCHAR(200) NOT NULL,
  role TINYINT NOT NULL,
  created_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  used_at BIGINT,
  UNIQUE KEY account_token_by_secret (secret),
  KEY account_token_by_account (account_id, id),
  CONSTRAINT account_token_of_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC;

-- A link with which its holder sets the account's password, once: one an account at most.
CREATE TABLE IF NOT EXISTS account_link (
  account_id BIGINT NOT NULL PRIMARY KEY,
  secret BINARY(32) NOT NULL,
  ends_at BIGINT NOT NULL,
  UNIQUE KEY account_link_by_secret (secret),
  CONSTRAINT account_link_of_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC;
