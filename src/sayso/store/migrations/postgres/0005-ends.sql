-- What is kept ends under a checkpoint of its own size. Before, whoever may append could add a row with
-- none, or with one of another size, and no program would open the store any more. What the checkpoint
-- says besides, and whose signature it bears, no database can tell.

ALTER TABLE sayso.entry ADD CONSTRAINT entry_covered CHECK (
    substring(checkpoint FROM position('\x0a'::bytea IN checkpoint) + 1 FOR length((number + 1)::text) + 1)
    = convert_to((number + 1)::text || chr(10), 'UTF8')
) NOT VALID;

CREATE FUNCTION sayso.entry_ends() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (SELECT checkpoint IS NULL FROM sayso.entry ORDER BY number DESC LIMIT 1) THEN
        RAISE EXCEPTION 'the last entry is under a checkpoint' USING ERRCODE = 'SY003';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER entry_ends AFTER INSERT ON sayso.entry DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (new.checkpoint IS NULL) EXECUTE FUNCTION sayso.entry_ends();
