-- The record: what was said, and the signed states of it. Nothing here is ever changed or removed;
-- the triggers refuse it to every program that opens this file, not only to this one.
--
-- A checkpoint stands in the row of the last entry it covers. So it cannot be there without its
-- entries, and a commit writes one page, not two.

CREATE TABLE entry (
    number     INTEGER PRIMARY KEY,
    bytes      BLOB NOT NULL CHECK (length(bytes) BETWEEN 1 AND 65535),
    leaf_hash  BLOB NOT NULL CHECK (length(leaf_hash) = 32),
    checkpoint BLOB CHECK (length(checkpoint) BETWEEN 1 AND 1000000)
) STRICT;

-- This also stops INSERT OR REPLACE, which fires no DELETE trigger.
CREATE TRIGGER entry_follows BEFORE INSERT ON entry
WHEN new.number IS NOT (SELECT coalesce(max(number) + 1, 0) FROM entry)
BEGIN
    SELECT raise(ABORT, 'an entry comes right after the last');
END;

CREATE TRIGGER entry_stays BEFORE UPDATE ON entry
BEGIN
    SELECT raise(ABORT, 'an entry is never changed');
END;

CREATE TRIGGER entry_remains BEFORE DELETE ON entry
BEGIN
    SELECT raise(ABORT, 'an entry is never removed');
END;
