-- The guards find their functions in the catalogue and nowhere else. Before, whoever may append and
-- owns a schema could put a `max` of their own in the way, and append with a gap.

ALTER FUNCTION sayso.entry_follows() SET search_path = pg_catalog, pg_temp;
ALTER FUNCTION sayso.stays() SET search_path = pg_catalog, pg_temp;
