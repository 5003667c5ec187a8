-- The record: what was said, and the signed states of it, as in the SQLite store. The triggers refuse
-- every change but an append to everybody who does not own the tables; let the servers not own them.

CREATE SCHEMA sayso;

CREATE TABLE sayso.migration (
    number integer PRIMARY KEY
);

CREATE TABLE sayso.entry (
    number     bigint PRIMARY KEY,
    bytes      bytea NOT NULL CHECK (octet_length(bytes) BETWEEN 1 AND 65535),
    leaf_hash  bytea NOT NULL CHECK (octet_length(leaf_hash) = 32),
    checkpoint bytea CHECK (octet_length(checkpoint) BETWEEN 1 AND 1000000)
);

-- SY001 tells the store that somebody else was first. Of two who append at once both may pass here;
-- then the primary key lets only one of them commit.
CREATE FUNCTION sayso.entry_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.number IS DISTINCT FROM (SELECT coalesce(max(number) + 1, 0) FROM sayso.entry) THEN
        RAISE EXCEPTION 'an entry comes right after the last' USING ERRCODE = 'SY001';
    END IF;
    RETURN new;
END
$$;

CREATE TRIGGER entry_follows BEFORE INSERT ON sayso.entry
FOR EACH ROW EXECUTE FUNCTION sayso.entry_follows();

CREATE FUNCTION sayso.stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an entry is never changed or removed' USING ERRCODE = 'SY002';
END
$$;

CREATE TRIGGER entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON sayso.entry
FOR EACH STATEMENT EXECUTE FUNCTION sayso.stays();
