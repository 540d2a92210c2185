-- How a text begins is a range of an index only where texts are ordered by their bytes, as SQLite orders them.
ALTER TABLE identifiers ALTER COLUMN value TYPE TEXT COLLATE "C";
ALTER TABLE names ALTER COLUMN word TYPE TEXT COLLATE "C";
