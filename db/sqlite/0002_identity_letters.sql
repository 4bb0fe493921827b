-- Who these records are: written down in the stores that belong to them, and never changed.
CREATE TABLE records_identity (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  identity TEXT NOT NULL  -- 32 lower-case hexadecimal digits
);
INSERT INTO records_identity (one, identity) VALUES (1, lower(hex(randomblob(16))));
