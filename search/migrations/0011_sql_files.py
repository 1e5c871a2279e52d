"""What is new since version 1. All of it can be run again: some databases have a part already."""

from django.db import migrations

from search.shipped_synonyms import sync_shipped_synonyms
from show.migration_operations import InstallSQL, RenameFunction

# Levels that are in documents already do no harm; they go with each episode's next edit. The last
# two are what the search box looks into while one types: words of guests' names and of titles.
OBJECTS = """
ALTER TABLE search_wordgroup ADD COLUMN IF NOT EXISTS shipped boolean NOT NULL DEFAULT false;
ALTER TABLE search_wordgroup ADD COLUMN IF NOT EXISTS active boolean NOT NULL DEFAULT true;
ALTER TABLE search_passage ALTER source TYPE varchar(7);
DROP FUNCTION IF EXISTS search_marks(tsvector);
DROP FUNCTION IF EXISTS search_impact_lexemes(tsvector);
DROP FUNCTION IF EXISTS search_delete_vectors(bigint[]);
DROP INDEX IF EXISTS search_passage_cues;
CREATE INDEX IF NOT EXISTS search_passage_notes ON search_passage USING gin (vector)
    WHERE NOT (source = 'cue');
CREATE INDEX IF NOT EXISTS search_guest_name ON guests_guest
    USING gin (to_tsvector('simple', search_normalize(name)));
CREATE INDEX IF NOT EXISTS search_episode_title ON episodes_episode
    USING gin (to_tsvector('search_words', search_normalize(title)));
"""


def sync(apps, schema_editor):
    sync_shipped_synonyms(apps.get_model("search", "SynonymGroup"))


class Migration(migrations.Migration):
    dependencies = [("search", "0001_version_1"), ("topics", "0002_sql_files")]
    shipped_synonyms = 138903612  # the CRC-32 of search/synonyms.txt

    operations = [
        RenameFunction("search_plain(text)", "search_normalize"),
        RenameFunction("search_near(text)", "search_deletes"),
        RenameFunction("search_group_queries()", "search_synonym_queries"),
        InstallSQL("search", {
            "search_words.sql": "8e8ddcd80a69",
            "search_normalize.sql": "0b87b627918e",
            "search_vector.sql": "e1c4756be1de",
            "search_stems.sql": "c90cc81bd5e2",
            "search_deletes.sql": "59839053107c",
            "search_synonym_queries.sql": "7d7bbe263c7e",
            "search_passages.sql": "75c69d1e5001",
            "search_tags.sql": "b44ba98c49b0",
            "search_documents.sql": "8f522e5386d7",
            "search_refresh_passages.sql": "223382b889cb",
            "search_vectors.sql": "de889dee3032",
            "search_refresh.sql": "1e77b65c230f",
            "search_name_changed.sql": "237675c3779d",
            "search_episode_binned.sql": "f8c3a716345b",
            "search_document_gone.sql": "edad6d702342",
            "watched_tables.sql": "079837d97a4f",
            "former_names.sql": "dbbab452a5c9",
        }),
        migrations.RunSQL(OBJECTS, migrations.RunSQL.noop),
        migrations.RunPython(sync, migrations.RunPython.noop),
    ]
