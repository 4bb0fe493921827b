-- What each object is and who its author is. Times are milliseconds since 1970 in UTC.
CREATE TABLE item (
  object_key TEXT PRIMARY KEY,
  author TEXT NOT NULL,
  person_id INTEGER NOT NULL,
  file_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 BLOB NOT NULL,
  media_type TEXT NOT NULL,
  created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX item_by_author ON item (author, object_key);
