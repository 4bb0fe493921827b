ALTER TABLE person ADD COLUMN department TEXT NOT NULL DEFAULT '';
ALTER TABLE person ADD COLUMN folded_department TEXT NOT NULL DEFAULT '';
CREATE INDEX person_by_department ON person (folded_department, id);
