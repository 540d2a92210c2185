-- Delivery through carriers: what became of each attempt, what it cost, and the story of a sign-in.

ALTER TABLE outbox ADD COLUMN interaction_id TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN channel TEXT NOT NULL DEFAULT '';
-- Whether it came by falling from another rung.
ALTER TABLE outbox ADD COLUMN fell BOOLEAN NOT NULL DEFAULT FALSE;
-- The carrier's own name for the message.
ALTER TABLE outbox ADD COLUMN reference TEXT;
-- The rank of the best status known: 1 accepted, 2 sent, 3 undelivered, 4 delivered, 5 read. It only rises.
ALTER TABLE outbox ADD COLUMN status BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN class TEXT;
ALTER TABLE outbox ADD COLUMN code TEXT;
-- When the next rung is climbed unless word of delivery comes first; nothing once that is settled.
ALTER TABLE outbox ADD COLUMN fall_at BIGINT;
ALTER TABLE outbox ADD COLUMN reported_at BIGINT;
-- Millionths: what it was expected to cost, in the installation's currency, and what the carrier said, in its own.
ALTER TABLE outbox ADD COLUMN estimate BIGINT;
ALTER TABLE outbox ADD COLUMN cost BIGINT;
ALTER TABLE outbox ADD COLUMN currency TEXT;
-- When a carrier that tells prices only when asked is asked; nothing once it has told, or there is nothing to ask.
ALTER TABLE outbox ADD COLUMN bill_at BIGINT;
-- wanted, given: whether the carrier still has to hear that the passcode was used.
ALTER TABLE outbox ADD COLUMN feedback TEXT;
CREATE INDEX outbox_challenge ON outbox (challenge_id);
CREATE INDEX outbox_fall ON outbox (fall_at) WHERE fall_at IS NOT NULL;
CREATE INDEX outbox_reference ON outbox (reference) WHERE reference IS NOT NULL;
CREATE INDEX outbox_bill ON outbox (bill_at) WHERE bill_at IS NOT NULL;
CREATE INDEX outbox_feedback ON outbox (created_at) WHERE feedback = 'wanted';

-- The carrier that made the passcode itself, and its name for the message: it alone can check the digits.
ALTER TABLE challenges ADD COLUMN verifier TEXT;
ALTER TABLE challenges ADD COLUMN verification TEXT;

ALTER TABLE grants ADD COLUMN interaction_id TEXT NOT NULL DEFAULT '';
CREATE INDEX grants_interaction ON grants (interaction_id);

-- What other rows do not tell of a sign-in: refusals, receipts, falls, wrong digits.
CREATE TABLE moments (
    interaction_id TEXT NOT NULL,
    id TEXT NOT NULL,
    attempt_id TEXT,
    at BIGINT NOT NULL,
    what TEXT NOT NULL,
    carrier TEXT,
    channel TEXT,
    code TEXT,
    detail TEXT,
    PRIMARY KEY (interaction_id, id)
);
CREATE INDEX moments_at ON moments (at);

-- Who told a sender to stop: never written to again by that channel.
CREATE TABLE opt_outs (
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    channel TEXT NOT NULL,
    carrier TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (kind, value, channel)
);

CREATE TABLE caps (id TEXT PRIMARY KEY, document TEXT NOT NULL);
