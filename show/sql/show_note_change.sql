-- Trigger of tables in sql/watched_tables.sql: any page can look different after a change.
CREATE OR REPLACE FUNCTION show_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM changed) THEN
        PERFORM show_touch(NULL);
    END IF;
    RETURN NULL;
END $$;
