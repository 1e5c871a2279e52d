from django.db import migrations

from show.migration_operations import InstallSQL, RenameFunction


# What the search box looks into while one types: words of guests' names and of titles.
INDEXES = """
CREATE INDEX IF NOT EXISTS search_guest_name ON guests_guest
    USING gin (to_tsvector('simple', search_normalize(name)));
CREATE INDEX IF NOT EXISTS search_episode_title ON episodes_episode
    USING gin (to_tsvector('search_words', search_normalize(title)));
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0001_version_1"), ("topics", "0002_sql_files")]

    operations = [
        RenameFunction("search_plain(text)", "search_normalize"),
        RenameFunction("search_near(text)", "search_deletes"),
        RenameFunction("search_group_queries()", "search_synonym_queries"),
        InstallSQL("search", {
            "search_words.sql": "8e8ddcd80a69",
            "search_normalize.sql": "1b59dd63afc3",
            "search_vector.sql": "e1c4756be1de",
            "search_stems.sql": "c90cc81bd5e2",
            "search_deletes.sql": "59839053107c",
            "search_synonym_queries.sql": "7d7bbe263c7e",
            "search_passages.sql": "710f912bf520",
            "search_tags.sql": "b44ba98c49b0",
            "search_documents.sql": "c06e4315d7a8",
            "search_refresh_passages.sql": "223382b889cb",
            "search_refresh.sql": "24df05b0d451",
            "search_name_changed.sql": "2306a2c56290",
            "search_episode_binned.sql": "f8c3a716345b",
            "search_document_gone.sql": "edad6d702342",
            "watched_tables.sql": "079837d97a4f",
            "former_names.sql": "fd1b55b8f8f1",
        }),
        migrations.RunSQL(INDEXES, migrations.RunSQL.noop),
    ]
