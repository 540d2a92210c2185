-- People as operators look for them and bring them in.

-- The words of people's names, in lower case: somebody is found by how one begins.
CREATE TABLE names (
    word TEXT NOT NULL,
    subject_id TEXT NOT NULL REFERENCES subjects (id) ON DELETE CASCADE,
    PRIMARY KEY (word, subject_id)
);
CREATE INDEX names_subject ON names (subject_id);

CREATE INDEX subjects_blocked ON subjects (created_at, id) WHERE blocked_at IS NOT NULL;

-- Files of people on their way in. What is read of a file rises in the transaction that writes the people read.
-- state: running, done, failed.
CREATE TABLE imports (
    id TEXT PRIMARY KEY,
    -- What the file is known by when it comes again.
    file TEXT NOT NULL,
    format TEXT NOT NULL,
    trust_unverified BOOLEAN NOT NULL,
    dry_run BOOLEAN NOT NULL,
    actor TEXT NOT NULL,
    address TEXT NOT NULL,
    state TEXT NOT NULL,
    detail TEXT,
    size BIGINT NOT NULL,
    -- Bytes, lines and people read.
    position BIGINT NOT NULL,
    line BIGINT NOT NULL,
    made BIGINT NOT NULL,
    present BIGINT NOT NULL,
    wrong BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX imports_started ON imports (started_at, id);
CREATE INDEX imports_file ON imports (file, started_at);

-- Lines of which there is something to say: who was not brought in, or not with everything.
CREATE TABLE import_lines (
    import_id TEXT NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    line BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (import_id, line)
);
