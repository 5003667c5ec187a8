-- What stands, in pieces by their SHA-256, as in the SQLite store: no part of the record, and can be
-- emptied at any time.

CREATE TABLE sayso.projection (
    name    bytea PRIMARY KEY CHECK (octet_length(name) IN (0, 32)),
    bytes   bytea NOT NULL,
    dropped bigint
);

CREATE INDEX projection_dropped ON sayso.projection (dropped) WHERE dropped IS NOT NULL;
