"""Topics and transcripts are shown by their episode's own pages and by pages of no episode."""

from django.db import migrations

from show.versioning import watch_episode_rows

OF_CUES = (
    "SELECT episode_id FROM topics_transcript "
    "WHERE id IN (SELECT transcript_id FROM changed)"
)


class Migration(migrations.Migration):
    dependencies = [("topics", "0003_help_texts"), ("episodes", "0005_touched")]

    operations = [
        watch_episode_rows("topics_topic", own=True),
        watch_episode_rows("topics_transcript", own=True),
        watch_episode_rows("topics_cue", OF_CUES, own=True),
    ]
