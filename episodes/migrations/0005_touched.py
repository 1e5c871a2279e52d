"""What of an episode is shown by its own pages alone; drafts' rows are seen by nobody.

Cards, neighbours and similar episodes show an episode's title, address, dates, number, summary,
guests and technologies: after such a change any page can look different.
"""

from django.db import migrations

from show.versioning import drop_watches, watch_episode_rows

# Rows that only the episode's own pages show, and lists.
OWN = ("enclosure", "sponsor", "libraryuse", "reference", "mention")
SHOWN_ELSEWHERE = ("appearance", "use")
TELL_EPISODES = """
CREATE FUNCTION episodes_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own text[] := ARRAY['introduction', 'introduction_html', 'notice', 'notice_html',
        'correction', 'updated_on', 'draft_text', 'edit_number', 'renderer', 'guid', 'type',
        'first_published_at', 'image', 'image_url', 'explicit', 'season'];
    never text[] := ARRAY['draft_text', 'edit_number'];
    episodes bigint[];
    elsewhere boolean;
BEGIN
    SELECT array_agg(id), bool_or(to_jsonb(before) - own <> to_jsonb(after) - own)
    INTO episodes, elsewhere
    FROM before JOIN after USING (id)
    WHERE (before.status <> 'draft' OR after.status <> 'draft')
    AND to_jsonb(before) - never <> to_jsonb(after) - never;
    IF episodes IS NOT NULL THEN
        PERFORM show_touch(CASE WHEN NOT elsewhere THEN episodes END);
    END IF;
    RETURN NULL;
END $$;
"""
WATCH_EPISODES = """
CREATE TRIGGER episodes_episode_update_version AFTER UPDATE ON episodes_episode
REFERENCING OLD TABLE AS before NEW TABLE AS after
FOR EACH STATEMENT EXECUTE FUNCTION episodes_note_change();
CREATE TRIGGER episodes_episode_insert_version AFTER INSERT ON episodes_episode
REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION show_note_change('SELECT id FROM changed', 'any page');
CREATE TRIGGER episodes_episode_delete_version AFTER DELETE ON episodes_episode
REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION show_note_change();
"""


class Migration(migrations.Migration):
    dependencies = [("episodes", "0004_discarded_files"), ("show", "0006_touched")]

    operations = [
        *(watch_episode_rows(f"episodes_{rows}", own=True) for rows in OWN),
        *(watch_episode_rows(f"episodes_{rows}", own=False) for rows in SHOWN_ELSEWHERE),
        migrations.RunSQL(
            drop_watches("episodes_episode") + TELL_EPISODES + WATCH_EPISODES,
            migrations.RunSQL.noop,
        ),
    ]
