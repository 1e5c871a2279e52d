-- The names of guests, technologies and libraries stand in the documents of their episodes.
CREATE OR REPLACE FUNCTION search_name_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_refresh(ARRAY(
        WITH changed AS (
            SELECT id FROM renamed JOIN before USING (id) WHERE before.name <> renamed.name)
        SELECT episode_id FROM episodes_appearance JOIN changed ON changed.id = guest_id
        WHERE TG_TABLE_NAME = 'guests_guest'
        UNION SELECT episode_id FROM episodes_use JOIN changed ON changed.id = technology_id
        WHERE TG_TABLE_NAME = 'stack_technology'
        UNION SELECT episode_id FROM episodes_libraryuse JOIN changed ON changed.id = library_id
        WHERE TG_TABLE_NAME = 'stack_library'));
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
