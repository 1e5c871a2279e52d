"""The first version of every transcript, so that its first correction can be taken back."""

from django.db import migrations

# The columns as in topics.versions.CueValues.
VERSIONS = """
INSERT INTO topics_transcriptversion
    (episode_id, created_at, language, reviewed, source_format, cues)
SELECT t.episode_id, now(), t.language, t.reviewed, t.source_format, COALESCE(
    (SELECT jsonb_agg(
        jsonb_build_array(
            c.start, c."end", c.text, c.speaker, c.guest_id, c.identifier, c.settings,
            c.language, c.reviewed)
        ORDER BY c.position)
     FROM topics_cue AS c WHERE c.transcript_id = t.id), '[]')
FROM topics_transcript AS t
"""
LAST_REVISIONS = """
UPDATE notes_revision AS r SET transcript_id = v.id
FROM topics_transcriptversion AS v
WHERE v.episode_id = r.episode_id
  AND r.number = (SELECT max(number) FROM notes_revision WHERE episode_id = r.episode_id)
"""


class Migration(migrations.Migration):
    dependencies = [('notes', '0004_transcripts')]

    operations = [
        migrations.RunSQL(VERSIONS, migrations.RunSQL.noop),
        migrations.RunSQL(LAST_REVISIONS, migrations.RunSQL.noop),
    ]
