from django.db import migrations

from show.migration_operations import InstallSQL

# Levels that are in documents already do no harm; they go with each episode's next edit.
DROP = """
DROP FUNCTION IF EXISTS search_marks(tsvector);
DROP FUNCTION IF EXISTS search_impact_lexemes(tsvector);
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0004_shipped_synonyms")]

    operations = [
        InstallSQL("search", {
            "search_documents.sql": "bf3710dc2e4d",
            "former_names.sql": "dbbab452a5c9",
        }),
        migrations.RunSQL(DROP, migrations.RunSQL.noop),
    ]
