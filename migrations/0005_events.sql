-- Events out: what happened, for endpoints that want to hear of it, and what became of telling each.

-- Written only where an endpoint wants it. Those about the same are told in the order of their places.
CREATE TABLE events (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    source TEXT NOT NULL,
    about TEXT NOT NULL,
    place BIGINT NOT NULL,
    -- Empty where no account is known.
    subject_id TEXT NOT NULL,
    -- The identifier it holds, blurred: it is found when somebody is forgotten.
    identifier TEXT NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX events_at ON events (at, id);
CREATE INDEX events_about ON events (about, place);
CREATE INDEX events_subject ON events (subject_id, at) WHERE subject_id <> '';
CREATE INDEX events_identifier ON events (identifier) WHERE identifier <> '';

-- One event for one endpoint. state: pending, delivered, failed. While it is pending, run_at is when it is due, or until when
-- it is its teller's.
CREATE TABLE event_deliveries (
    id TEXT PRIMARY KEY,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    endpoint TEXT NOT NULL,
    about TEXT NOT NULL,
    place BIGINT NOT NULL,
    state TEXT NOT NULL,
    tries BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    -- What the endpoint last answered, and why that was not enough.
    status BIGINT,
    detail TEXT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX event_deliveries_event ON event_deliveries (event_id);
CREATE INDEX event_deliveries_created ON event_deliveries (created_at, id);
CREATE INDEX event_deliveries_due ON event_deliveries (endpoint, run_at) WHERE state = 'pending';
CREATE INDEX event_deliveries_line ON event_deliveries (endpoint, about, place) WHERE state = 'pending';
