-- An episode in the bin has no document. A trigger, because a bulk update or another tool may set
-- deleted_at without finish_edit().
CREATE OR REPLACE FUNCTION search_episode_binned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_refresh(ARRAY(
        SELECT id FROM before JOIN after USING (id)
        WHERE before.deleted_at IS DISTINCT FROM after.deleted_at));
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER episodes_episode_search AFTER UPDATE ON episodes_episode
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION search_episode_binned();
