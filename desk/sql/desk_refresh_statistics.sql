-- Has PostgreSQL sample these tables again. Only their owner may, and the site's role may be another
-- one (ops/database_roles.py), so this has its owner's rights.
CREATE OR REPLACE FUNCTION desk_refresh_statistics(tables text[]) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY tables LOOP
        EXECUTE format('ANALYZE public.%I', name);
    END LOOP;
END $$;
