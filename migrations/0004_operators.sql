-- Operators: what they did, what they may, what was asked of the API once already.

-- Append-only. Each entry's mac is keyed, and over the one before it: what is taken out or changed shows.
CREATE TABLE audit (
    seq BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    noun TEXT NOT NULL,
    name TEXT NOT NULL,
    before TEXT,
    after TEXT,
    address TEXT NOT NULL,
    mac TEXT NOT NULL
);
CREATE INDEX audit_noun ON audit (noun, name, seq);
CREATE INDEX audit_actor ON audit (actor, seq);

-- Its newest entry. One row: whoever appends holds it until the end of their transaction.
CREATE TABLE audit_head (id BIGINT PRIMARY KEY, seq BIGINT NOT NULL, mac TEXT NOT NULL);
INSERT INTO audit_head (id, seq, mac) VALUES (1, 0, '');

-- What an Idempotency-Key was answered: kept a day. The answer is sealed, for it may hold a secret.
CREATE TABLE idempotency (
    key TEXT PRIMARY KEY,
    request_hash TEXT NOT NULL,
    status BIGINT NOT NULL,
    answer BYTEA NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX idempotency_expiry ON idempotency (ends_at);

-- People are listed newest first.
CREATE INDEX subjects_created ON subjects (created_at, id);
