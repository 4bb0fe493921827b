-- Which records this catalog belongs to; no row: it was not said yet.
CREATE TABLE records_identity (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  identity TEXT NOT NULL  -- 32 lower-case hexadecimal digits
);
