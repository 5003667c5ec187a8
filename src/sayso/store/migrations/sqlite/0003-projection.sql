-- What stands, in pieces by their SHA-256, so that the record need not be folded anew; the row without
-- a name is the signed head. It is no part of the record and can be emptied at any time. A piece that is
-- `dropped`, by the projection of so many entries, goes a while later.

CREATE TABLE projection (
    name    BLOB NOT NULL PRIMARY KEY CHECK (length(name) IN (0, 32)),
    bytes   BLOB NOT NULL,
    dropped INTEGER
) STRICT;

CREATE INDEX projection_dropped ON projection (dropped) WHERE dropped IS NOT NULL;
