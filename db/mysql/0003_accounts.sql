-- Who may sign in, and what each may do. Secrets are kept as their SHA-256.

CREATE TABLE IF NOT EXISTS account (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,  -- never used twice
  name VARCHAR(200) NOT NULL,
  folded_name VARBINARY(1000) NOT NULL,
  role TINYINT NOT NULL,  -- 0 intake, 1 viewer, 2 editor, 3 admin
  disabled TINYINT NOT NULL,
  password VARBINARY(200) NOT NULL,  -- Argon2id with its salt and parameters; empty: none was set yet
  second_factor TINYINT NOT NULL DEFAULT 0,  -- 1: signing in takes a code too
  created_at BIGINT NOT NULL,
  signed_in_at BIGINT,
  UNIQUE KEY account_by_name (folded_name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC;

CREATE TABLE IF NOT EXISTS account_session (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  account_id BIGINT NOT NULL,
  secret BINARY(32) NOT NULL,
  began_at BIGINT NOT NULL,
  proved_at BIGINT NOT NULL,  -- when the password was last given
  seen_at BIGINT NOT NULL,
  idle_ends BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  address VARCHAR(100) NOT NULL,
  agent VARCHAR(400) NOT NULL,
  UNIQUE KEY account_session_by_secret (secret),
  KEY account_session_by_account (account_id, seen_at),
  CONSTRAINT account_session_of_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC;

-- A sign-in whose password was right, and that waits for the second factor.
CREATE TABLE IF NOT EXISTS account_pending (
  secret BINARY(32) NOT NULL PRIMARY KEY,
  account_id BIGINT NOT NULL,
  wrong INT NOT NULL,
  ends_at BIGINT NOT NULL,
  KEY account_pending_by_account (account_id),
  CONSTRAINT account_pending_of_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC;

-- The secret of an account's one-time codes. It is not in use before the first code was given.
CREATE TABLE IF NOT EXISTS account_code (
  account_id BIGINT NOT NULL PRIMARY KEY,
  secret VARBINARY(64) NOT NULL,
  confirmed TINYINT NOT NULL,
  last_step BIGINT NOT NULL,  -- of the last code that was used: each works once
  wrong INT NOT NULL,  -- codes since the last right one
  wrong_at BIGINT NOT NULL,  -- when the last of them was
  CONSTRAINT account_code_of_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC;

CREATE TABLE IF NOT EXISTS account_recovery (
  account_id BIGINT NOT NULL,
  code BINARY(32) NOT NULL,
  PRIMARY KEY (account_id, code),
  CONSTRAINT account_recovery_of_account FOREIGN KEY (account_id) REFERENCES account (id)
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

-- The set-up links that servers were started with, and when that was first.
CREATE TABLE IF NOT EXISTS set_up_link (
  secret BINARY(32) NOT NULL PRIMARY KEY,
  noted_at BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC;

-- Who did what (domain/audit.h). An entry has a number and a hash once it is chained.
CREATE TABLE IF NOT EXISTS audit (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  number BIGINT,
  at BIGINT NOT NULL,
  what VARCHAR(40) NOT NULL,
  subject_kind VARCHAR(20) NOT NULL,
  subject BIGINT NOT NULL,
  detail VARCHAR(400) NOT NULL,
  via TINYINT NOT NULL,  -- 0 Dossier itself, 1 a command, 2 a visitor
  account_id BIGINT NOT NULL,
  session_id BIGINT NOT NULL,
  token_id BIGINT NOT NULL,
  address VARCHAR(100) NOT NULL,
  hash BINARY(32),
  UNIQUE KEY audit_by_number (number),
  KEY audit_by_account (account_id),
  KEY audit_by_subject (subject_kind, subject)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC;

-- One row: where the chain ends, and where it was cut off.
CREATE TABLE IF NOT EXISTS audit_chain (
  one TINYINT NOT NULL PRIMARY KEY,
  last_number BIGINT NOT NULL,
  last_hash BINARY(32) NOT NULL,
  cut_number BIGINT NOT NULL,
  cut_hash BINARY(32) NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC;
INSERT IGNORE INTO audit_chain VALUES (1, 0, REPEAT(CHAR(0), 32), 0, REPEAT(CHAR(0), 32));

-- Whose doing it was; 0: nobody's who was signed in.
SET @script = (SELECT IF(COUNT(*) = 0,
    'ALTER TABLE history ADD COLUMN account_id BIGINT NOT NULL DEFAULT 0',
    'DO 0')
  FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'history' AND column_name = 'account_id');
PREPARE script FROM @script;
EXECUTE script;
DEALLOCATE PREPARE script;

-- Links with which submitters see what was stored.
CREATE TABLE IF NOT EXISTS receipt (
  person_id BIGINT NOT NULL PRIMARY KEY,
  secret BINARY(32) NOT NULL,
  ends_at BIGINT NOT NULL,
  UNIQUE KEY receipt_by_secret (secret),
  KEY receipt_by_end (ends_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin ROW_FORMAT = DYNAMIC;
