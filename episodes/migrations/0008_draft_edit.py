"""From which edit a text that isn't applied was made; of that, as of the text, visitors see nothing."""

from django.db import migrations, models

# Takes the place of the one in 0005_touched.
TELL_EPISODES = """
CREATE OR REPLACE FUNCTION episodes_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own text[] := ARRAY['introduction', 'introduction_html', 'notice', 'notice_html',
        'correction', 'updated_on', 'draft_text', 'draft_edit', 'edit_number', 'renderer', 'guid', 'type',
        'first_published_at', 'image', 'image_url', 'explicit', 'season'];
    never text[] := ARRAY['draft_text', 'draft_edit', 'edit_number'];
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


class Migration(migrations.Migration):
    dependencies = [("episodes", "0007_handed_in_audio")]

    operations = [
        migrations.AddField(
            model_name="episode",
            name="draft_edit",
            field=models.PositiveIntegerField(
                editable=False, help_text="The edit from which draft_text was made.", null=True
            ),
        ),
        migrations.RunSQL(TELL_EPISODES, migrations.RunSQL.noop),
    ]
