-- The whole protocol: requests pushed ahead, device codes, consents, what is told to clients, organizations, invitations.

-- What may be used once: `jti` of assertions and proofs. A key names its kind and its owner first.
CREATE TABLE used (key TEXT PRIMARY KEY, ends_at BIGINT NOT NULL);
CREATE INDEX used_expiry ON used (ends_at);

-- RFC 9126. The reference only as a hash; spent when its sign-in is answered, so that a reload finds it.
CREATE TABLE pushed_requests (
    id_hash TEXT PRIMARY KEY,
    client_id TEXT NOT NULL,
    query TEXT NOT NULL,
    jkt TEXT,
    expires_at BIGINT NOT NULL,
    spent_at BIGINT
);
CREATE INDEX pushed_requests_expiry ON pushed_requests (expires_at);

-- RFC 8628. state: pending, approved, denied, spent.
CREATE TABLE device_codes (
    code_hash TEXT PRIMARY KEY,
    user_code TEXT NOT NULL UNIQUE,
    client_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    audience TEXT NOT NULL,
    state TEXT NOT NULL,
    grant_id TEXT,
    pause BIGINT NOT NULL,
    polled_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX device_codes_expiry ON device_codes (expires_at);

-- What a person allowed a client: remembered until taken back.
CREATE TABLE consents (
    subject_id TEXT NOT NULL,
    client_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    audience TEXT NOT NULL,
    allowed_at BIGINT NOT NULL,
    PRIMARY KEY (subject_id, client_id)
);

-- The session this interaction's own passcode began: kept where consent, or choosing, follows the proof.
ALTER TABLE interactions ADD COLUMN session_id TEXT;

-- Grants without a browser behind them have an empty session; code_hash stays unique by the grant's own id.
ALTER TABLE grants ADD COLUMN acr TEXT;
-- The claims parameter, as JSON.
ALTER TABLE grants ADD COLUMN claims TEXT;
-- RFC 9449 §10: the key a code, or a public client's refresh tokens, are bound to.
ALTER TABLE grants ADD COLUMN jkt TEXT;
ALTER TABLE grants ADD COLUMN organization TEXT;
CREATE INDEX grants_subject ON grants (subject_id, client_id);

-- Access tokens ended before their time that hang from no grant.
CREATE TABLE revoked_tokens (jti TEXT PRIMARY KEY, ends_at BIGINT NOT NULL);
CREATE INDEX revoked_tokens_expiry ON revoked_tokens (ends_at);

-- What clients are told by request of ours: logout tokens. state: queued, sending, sent, failed.
CREATE TABLE notices (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    client_id TEXT NOT NULL,
    job TEXT NOT NULL,
    state TEXT NOT NULL,
    tries BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    detail TEXT,
    finished_at BIGINT
);
CREATE INDEX notices_due ON notices (state, run_at);
CREATE INDEX notices_expiry ON notices (expires_at);

-- What is declared, one document each. kind: organization, role, permission, feature_flag, resource, scope, registration.
CREATE TABLE declared (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (kind, name)
);

-- Standard claims of a person, as JSON.
ALTER TABLE subjects ADD COLUMN profile TEXT NOT NULL DEFAULT '{}';

-- Who belongs to which organization, with which roles and permissions, space-separated. Everybody belongs to the default one
-- without a row.
CREATE TABLE memberships (
    subject_id TEXT NOT NULL REFERENCES subjects (id) ON DELETE CASCADE,
    organization TEXT NOT NULL,
    roles TEXT NOT NULL,
    permissions TEXT NOT NULL,
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (subject_id, organization)
);
CREATE INDEX memberships_organization ON memberships (organization);

-- Invited people: an address that signs up even where sign-up is closed.
CREATE TABLE invitations (
    code_hash TEXT PRIMARY KEY,
    email TEXT NOT NULL,
    profile TEXT NOT NULL,
    organization TEXT NOT NULL,
    roles TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    spent_at BIGINT
);
CREATE INDEX invitations_expiry ON invitations (expires_at);
