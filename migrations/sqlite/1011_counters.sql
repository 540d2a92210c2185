-- A counter is found by its key alone: its row lies in the index itself, one page to write and not two.
CREATE TABLE counted (
    key TEXT PRIMARY KEY,
    count BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
) WITHOUT ROWID;
INSERT INTO counted SELECT key, count, ends_at FROM counters;
DROP TABLE counters;
ALTER TABLE counted RENAME TO counters;
