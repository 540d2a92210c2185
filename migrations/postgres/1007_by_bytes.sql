-- Compared with identifiers, and found by an index only where both are ordered alike.
ALTER TABLE challenges ALTER COLUMN value TYPE TEXT COLLATE "C";
ALTER TABLE opt_outs ALTER COLUMN value TYPE TEXT COLLATE "C";
