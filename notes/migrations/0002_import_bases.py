"""What each source said last time; for earlier imports, as far as revisions tell."""

import django.db.models.deletion
from django.db import migrations, models

# Revisions before anything but this import changed the episode hold nothing but what it said.
FROM_REVISIONS = """
INSERT INTO notes_importbase (episode_id, source, notes, facts, unsettled)
SELECT DISTINCT ON (r.episode_id)
    r.episode_id, r.source, r.notes, jsonb_strip_nulls(r.facts), '[]'
FROM notes_revision AS r
WHERE r.source IN ('import_show_notes', 'import_jekyll', 'import_feed')
  AND NOT EXISTS (
    SELECT FROM notes_revision AS earlier
    WHERE earlier.episode_id = r.episode_id
      AND earlier.number < r.number AND earlier.source <> r.source)
ORDER BY r.episode_id, r.number DESC
"""


class Migration(migrations.Migration):
    dependencies = [('episodes', '0001_version_1'), ('notes', '0001_version_1')]

    operations = [
        migrations.CreateModel(
            name='ImportBase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(choices=[('import_show_notes', 'Show Notes'), ('import_jekyll', 'Jekyll'), ('import_feed', 'Feed')], max_length=20)),
                ('notes', models.TextField()),
                ('facts', models.JSONField(help_text='Those that the source states.')),
                ('unsettled', models.JSONField(default=list, help_text='Digests of the conflicts that the last import left.')),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='import_bases', to='episodes.episode')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('episode', 'source'), name='import_base_source')],
            },
        ),
        migrations.RunSQL(FROM_REVISIONS, migrations.RunSQL.noop),
    ]
