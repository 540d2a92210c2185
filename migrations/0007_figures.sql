-- Figures of what happened, rolled up by five minutes, hour and day, and what operators search sign-ins by.

-- How much of what. `start` is where the bucket begins, `size` how long it is, in seconds; `code` a carrier's code, a currency
-- or a slot of time, as `what` has it. Empty texts mean any, or none.
CREATE TABLE figures (
    size BIGINT NOT NULL,
    start BIGINT NOT NULL,
    what TEXT NOT NULL,
    client TEXT NOT NULL,
    channel TEXT NOT NULL,
    country TEXT NOT NULL,
    carrier TEXT NOT NULL,
    code TEXT NOT NULL,
    count BIGINT NOT NULL,
    sum BIGINT NOT NULL,
    PRIMARY KEY (size, start, what, client, channel, country, carrier, code)
);

-- Five minutes of sign-ins each: counted by the one who moves `due_at`, in the transaction that changes the figures.
CREATE TABLE figure_buckets (
    start BIGINT PRIMARY KEY,
    -- When they are counted anew; nothing once nothing can change any more.
    due_at BIGINT,
    -- When they last were; 0 before the first time.
    counted_at BIGINT NOT NULL
);
CREATE INDEX figure_buckets_due ON figure_buckets (due_at) WHERE due_at IS NOT NULL;

-- ISO 3166 alpha-2 of a phone number; empty for an address, and for what was asked before there was this column.
ALTER TABLE challenges ADD COLUMN country TEXT NOT NULL DEFAULT '';

-- Ids begin with the moment they were made: their order is that of time.
CREATE INDEX challenges_country ON challenges (country, interaction_id);
CREATE INDEX challenges_connection ON challenges (connection, interaction_id);
CREATE INDEX interactions_client ON interactions (client_id, id);
