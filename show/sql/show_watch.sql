-- Lets every change of a table's rows raise the content version, see show_note_change().
-- `episodes` is a query of the episodes to which rows belong; the changed rows are in the table
-- `changed`.
CREATE OR REPLACE FUNCTION show_watch(watched text, episodes text = NULL, pages text = NULL)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    event text;
BEGIN
    IF to_regclass(watched) IS NULL THEN
        RETURN;  -- migrations run today's list before a later one makes the table
    END IF;
    FOREACH event IN ARRAY ARRAY['insert', 'update', 'delete'] LOOP
        EXECUTE format(
            'CREATE OR REPLACE TRIGGER %I AFTER %s ON %I REFERENCING %s TABLE AS changed '
            'FOR EACH STATEMENT EXECUTE FUNCTION show_note_change(%s)',
            watched || '_' || event || '_version', event, watched,
            CASE event WHEN 'delete' THEN 'OLD' ELSE 'NEW' END,
            CASE WHEN episodes IS NOT NULL THEN format('%L, %L', episodes, pages) END);
    END LOOP;
END $$;
