SET @script = (SELECT IF(COUNT(*) = 0,
    'ALTER TABLE person ADD COLUMN department VARCHAR(1000) NOT NULL DEFAULT '''', ADD COLUMN folded_department VARBINARY(1000) NOT NULL DEFAULT '''', ADD KEY person_by_department (folded_department, id)',
    'DO 0')
  FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'person' AND column_name = 'department');
PREPARE script FROM @script;
EXECUTE script;
DEALLOCATE PREPARE script;
