-- Which pages an edited episode changes. `own_pages` are the columns that only its own pages
-- show, `never` those that no page shows; the others also stand on cards, among its neighbours
-- and among similar episodes, so any page can look different. Visitors don't see drafts.
CREATE OR REPLACE FUNCTION episodes_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own_pages text[] := ARRAY['introduction', 'introduction_html', 'notice', 'notice_html',
        'correction', 'updated_on', 'draft_text', 'draft_edit', 'draft_user_id', 'draft_saved_at',
        'edit_number', 'renderer', 'guid', 'type', 'first_published_at', 'image', 'image_url', 'explicit', 'season'];
    never text[] := ARRAY['draft_text', 'draft_edit', 'draft_user_id', 'draft_saved_at',
        'edit_number'];
    episodes bigint[];
    elsewhere boolean;
BEGIN
    SELECT array_agg(id), bool_or(to_jsonb(before) - own_pages <> to_jsonb(after) - own_pages)
    INTO episodes, elsewhere
    FROM before JOIN after USING (id)
    WHERE (before.status <> 'draft' OR after.status <> 'draft')
    AND to_jsonb(before) - never <> to_jsonb(after) - never;
    IF episodes IS NOT NULL THEN
        PERFORM show_touch(CASE WHEN NOT elsewhere THEN episodes END);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER episodes_episode_update_version AFTER UPDATE ON episodes_episode
REFERENCING OLD TABLE AS before NEW TABLE AS after
FOR EACH STATEMENT EXECUTE FUNCTION episodes_note_change();

CREATE OR REPLACE TRIGGER episodes_episode_insert_version AFTER INSERT ON episodes_episode
REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION episodes_note_related_change('SELECT id FROM changed', 'any page');

CREATE OR REPLACE TRIGGER episodes_episode_delete_version AFTER DELETE ON episodes_episode
REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION show_note_change();
