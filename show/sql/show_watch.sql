-- Lets every change of a table's rows raise the content version. The changed rows are in the
-- transition table `changed`; `arguments` are those of the trigger function.
CREATE OR REPLACE FUNCTION show_watch(
    watched text, handler text = 'show_note_change', arguments text = '')
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
            'FOR EACH STATEMENT EXECUTE FUNCTION %I(%s)',
            watched || '_' || event || '_version', event, watched,
            CASE event WHEN 'delete' THEN 'OLD' ELSE 'NEW' END, handler, arguments);
    END LOOP;
END $$;
