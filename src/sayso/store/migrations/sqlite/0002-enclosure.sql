-- What is kept beside the record: bytes that an entry names by their SHA-256. They may be erased, and
-- are never changed. With its rowid, since an enclosure may be of many pages.

CREATE TABLE enclosure (
    digest BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    bytes  BLOB NOT NULL CHECK (length(bytes) <= 16777216)
) STRICT;

-- This also stops INSERT OR REPLACE.
CREATE TRIGGER enclosure_once BEFORE INSERT ON enclosure
WHEN EXISTS (SELECT 1 FROM enclosure WHERE digest = new.digest)
BEGIN
    SELECT raise(ABORT, 'an enclosure is kept once');
END;

CREATE TRIGGER enclosure_stays BEFORE UPDATE ON enclosure
BEGIN
    SELECT raise(ABORT, 'an enclosure is never changed');
END;
