-- Who operates, and links that make operators.

CREATE TABLE operators (
    subject_id TEXT PRIMARY KEY REFERENCES subjects (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    added_at BIGINT NOT NULL
);

-- The code only as a hash. Opened once, by one browser, which then has a while to sign in and join.
CREATE TABLE operator_invitations (
    code_hash TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    opened_at BIGINT,
    joined_at BIGINT
);
CREATE INDEX operator_invitations_expiry ON operator_invitations (expires_at);
