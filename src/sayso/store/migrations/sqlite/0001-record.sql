-- The record: what was said, and the signed states of it. Nothing here is ever changed or removed;
-- the triggers refuse it to every program that opens this file, not only to this one.

CREATE TABLE entry (
    number    INTEGER PRIMARY KEY,
    bytes     BLOB NOT NULL CHECK (length(bytes) BETWEEN 1 AND 65535),
    leaf_hash BLOB NOT NULL CHECK (length(leaf_hash) = 32)
) STRICT;

CREATE TABLE checkpoint (
    size INTEGER PRIMARY KEY,
    note BLOB NOT NULL CHECK (length(note) BETWEEN 1 AND 1000000)
) STRICT;

-- A new row comes right after the last. This also stops INSERT OR REPLACE, which fires no DELETE trigger.
CREATE TRIGGER entry_follows BEFORE INSERT ON entry
WHEN new.number IS NOT (SELECT coalesce(max(number) + 1, 0) FROM entry)
BEGIN
    SELECT raise(ABORT, 'an entry comes right after the last');
END;

CREATE TRIGGER checkpoint_follows BEFORE INSERT ON checkpoint
WHEN new.size IS NOT (SELECT max(number) + 1 FROM entry)
    OR new.size <= (SELECT max(size) FROM checkpoint)
BEGIN
    SELECT raise(ABORT, 'a checkpoint covers all entries, and more than the last');
END;

CREATE TRIGGER entry_stays BEFORE UPDATE ON entry
BEGIN
    SELECT raise(ABORT, 'an entry is never changed');
END;

CREATE TRIGGER entry_remains BEFORE DELETE ON entry
BEGIN
    SELECT raise(ABORT, 'an entry is never removed');
END;

CREATE TRIGGER checkpoint_stays BEFORE UPDATE ON checkpoint
BEGIN
    SELECT raise(ABORT, 'a checkpoint is never changed');
END;

CREATE TRIGGER checkpoint_remains BEFORE DELETE ON checkpoint
BEGIN
    SELECT raise(ABORT, 'a checkpoint is never removed');
END;
