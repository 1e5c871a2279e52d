-- The names of guests, technologies and libraries stand in the documents of their episodes.
CREATE OR REPLACE FUNCTION search_name_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'guests_guest' THEN
        PERFORM search_refresh(ARRAY(
            SELECT DISTINCT episode_id FROM episodes_appearance
            JOIN renamed ON renamed.id = guest_id JOIN before ON before.id = renamed.id
            WHERE before.name <> renamed.name));
    ELSIF TG_TABLE_NAME = 'stack_technology' THEN
        PERFORM search_refresh(ARRAY(
            SELECT DISTINCT episode_id FROM episodes_use
            JOIN renamed ON renamed.id = technology_id JOIN before ON before.id = renamed.id
            WHERE before.name <> renamed.name));
    ELSE
        PERFORM search_refresh(ARRAY(
            SELECT DISTINCT episode_id FROM episodes_libraryuse
            JOIN renamed ON renamed.id = library_id JOIN before ON before.id = renamed.id
            WHERE before.name <> renamed.name));
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER guests_guest_search AFTER UPDATE ON guests_guest
    REFERENCING OLD TABLE AS before NEW TABLE AS renamed
    FOR EACH STATEMENT EXECUTE FUNCTION search_name_changed();
CREATE OR REPLACE TRIGGER stack_technology_search AFTER UPDATE ON stack_technology
    REFERENCING OLD TABLE AS before NEW TABLE AS renamed
    FOR EACH STATEMENT EXECUTE FUNCTION search_name_changed();
CREATE OR REPLACE TRIGGER stack_library_search AFTER UPDATE ON stack_library
    REFERENCING OLD TABLE AS before NEW TABLE AS renamed
    FOR EACH STATEMENT EXECUTE FUNCTION search_name_changed();
