-- Nouns of the house. TEXT, BIGINT, BOOLEAN and BYTEA only; times are milliseconds since 1970 from the server's own clock.

-- One row: the revision rises whenever anything declared or any key changes, and every node reads its copy anew.
CREATE TABLE installation (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    revision BIGINT NOT NULL,
    organization TEXT NOT NULL
);
INSERT INTO installation (id, revision, organization) VALUES (1, 0, '');

CREATE TABLE clients (id TEXT PRIMARY KEY, document TEXT NOT NULL);
CREATE TABLE connections (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, document TEXT NOT NULL);
CREATE TABLE carriers (name TEXT PRIMARY KEY, document TEXT NOT NULL, credentials BYTEA, place BIGINT NOT NULL);
CREATE TABLE test_identifiers (
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    passcode TEXT NOT NULL,
    PRIMARY KEY (kind, value)
);

CREATE TABLE signing_keys (
    kid TEXT PRIMARY KEY,
    algorithm TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    signs_at BIGINT NOT NULL,
    leaves_at BIGINT
);

CREATE TABLE subjects (
    id TEXT PRIMARY KEY,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    blocked_at BIGINT
);

-- Only proven ones stand here: what is unproven reserves nothing.
CREATE TABLE identifiers (
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    -- Checked at commit: a first proof writes the identifier, learns that nobody had it, and then writes its subject.
    subject_id TEXT NOT NULL REFERENCES subjects (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    added_at BIGINT NOT NULL,
    verified_at BIGINT NOT NULL,
    PRIMARY KEY (kind, value)
);
CREATE INDEX identifiers_subject ON identifiers (subject_id);

CREATE TABLE interactions (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL,
    request TEXT NOT NULL,
    browser TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX interactions_expiry ON interactions (expires_at);

CREATE TABLE challenges (
    id TEXT PRIMARY KEY,
    interaction_id TEXT NOT NULL,
    place BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    connection TEXT NOT NULL,
    browser TEXT NOT NULL,
    mute BOOLEAN NOT NULL,
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    sends BIGINT NOT NULL,
    last_sent_at BIGINT NOT NULL,
    rung BIGINT NOT NULL,
    spent_at BIGINT,
    cancelled_at BIGINT,
    UNIQUE (interaction_id, place)
);
CREATE INDEX challenges_identifier ON challenges (kind, value, issued_at);
CREATE INDEX challenges_expiry ON challenges (expires_at);

-- A sign-in in one browser. `sid` is its id.
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    subject_id TEXT NOT NULL,
    auth_time BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX sessions_subject ON sessions (subject_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- The cookie's row: its id only as a hash, so that a copy of the database is not a session.
CREATE TABLE browsers (
    id_hash TEXT PRIMARY KEY,
    data TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX browsers_expiry ON browsers (expires_at);

CREATE TABLE grants (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    nonce TEXT,
    audience TEXT NOT NULL,
    auth_time BIGINT NOT NULL,
    redirect_uri TEXT NOT NULL,
    code_hash TEXT NOT NULL UNIQUE,
    code_challenge TEXT,
    code_expires_at BIGINT NOT NULL,
    code_spent_at BIGINT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    generation BIGINT NOT NULL,
    rotated_at BIGINT
);
CREATE INDEX grants_session ON grants (session_id);
CREATE INDEX grants_expiry ON grants (expires_at);

CREATE TABLE counters (
    key TEXT PRIMARY KEY,
    count BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX counters_expiry ON counters (ends_at);

-- One row an attempt. state: queued, sending, sent, failed, lost.
CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    challenge_id TEXT NOT NULL,
    job TEXT NOT NULL,
    state TEXT NOT NULL,
    tries BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    carrier TEXT,
    detail TEXT,
    finished_at BIGINT
);
CREATE INDEX outbox_due ON outbox (state, run_at);
CREATE INDEX outbox_expiry ON outbox (expires_at);
