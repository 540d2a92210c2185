-- What every sign-in writes to is written to as seldom as can be. Ids begin with the moment they were made, so that what is over
-- is found by them; counters are walked through instead; and of messages only those are looked up by state that wait, or are on
-- their way.
DROP INDEX interactions_expiry;
DROP INDEX challenges_expiry;
DROP INDEX outbox_expiry;
DROP INDEX moments_at;
DROP INDEX counters_expiry;
DROP INDEX outbox_due;
CREATE INDEX outbox_queued ON outbox (run_at) WHERE state = 'queued';
CREATE INDEX outbox_sending ON outbox (lease_until) WHERE state = 'sending';
