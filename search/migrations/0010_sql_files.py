"""What is new since version 1. All of it can be run again: some databases have a part already."""

from django.db import migrations

from search.shipped_synonyms import sync_shipped_synonyms
from show.migration_operations import InstallSQL

# Levels that are in documents already do no harm; they go with each episode's next edit.
OBJECTS = """
ALTER TABLE search_wordgroup ADD COLUMN IF NOT EXISTS shipped boolean NOT NULL DEFAULT false;
ALTER TABLE search_wordgroup ADD COLUMN IF NOT EXISTS active boolean NOT NULL DEFAULT true;
DROP FUNCTION IF EXISTS search_marks(tsvector);
DROP FUNCTION IF EXISTS search_impact_lexemes(tsvector);
DROP INDEX IF EXISTS search_passage_cues;
CREATE INDEX IF NOT EXISTS search_passage_notes ON search_passage USING gin (vector)
    WHERE NOT (source = 'cue');
"""


def sync(apps, schema_editor):
    sync_shipped_synonyms(apps.get_model("search", "SynonymGroup"))


class Migration(migrations.Migration):
    dependencies = [("search", "0002_sql_files")]
    shipped_synonyms = 138903612  # the CRC-32 of search/synonyms.txt

    operations = [
        InstallSQL("search", {
            "search_normalize.sql": "0b87b627918e",
            "search_documents.sql": "78fdd071b362",
            "search_vectors.sql": "8bc16036c860",
            "search_refresh.sql": "261a4147b40b",
            "search_document_gone.sql": "fb3ecdc32321",
            "search_name_changed.sql": "237675c3779d",
            "former_names.sql": "dbbab452a5c9",
        }),
        migrations.RunSQL(OBJECTS, migrations.RunSQL.noop),
        migrations.RunPython(sync, migrations.RunPython.noop),
    ]
