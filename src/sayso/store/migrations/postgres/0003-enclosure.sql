-- What is kept beside the record: bytes that an entry names by their SHA-256. They may be erased, and
-- are never changed. They are not compressed: large ones are papers, which mostly are already.

CREATE TABLE sayso.enclosure (
    digest bytea PRIMARY KEY,
    bytes  bytea NOT NULL CHECK (octet_length(bytes) <= 16777216),
    CHECK (digest = pg_catalog.sha256(bytes))
);

ALTER TABLE sayso.enclosure ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE FUNCTION sayso.enclosure_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'an enclosure is never changed' USING ERRCODE = 'SY002';
END
$$;

CREATE TRIGGER enclosure_stays BEFORE UPDATE OR TRUNCATE ON sayso.enclosure
FOR EACH STATEMENT EXECUTE FUNCTION sayso.enclosure_stays();
