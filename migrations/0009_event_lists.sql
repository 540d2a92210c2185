-- Lists of events by type, and of deliveries by endpoint and by how they stand.
CREATE INDEX events_kind ON events (kind, at, id);
CREATE INDEX event_deliveries_endpoint ON event_deliveries (endpoint, created_at, id);
CREATE INDEX event_deliveries_state ON event_deliveries (state, created_at, id);
