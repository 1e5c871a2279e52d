"""What an edit adds to the index of documents is sorted in at once: each search walks that index
many times, and would walk the list of what is not sorted in as often.
"""

import django.contrib.postgres.indexes
from django.db import migrations

AT_ONCE = """
ALTER INDEX search_document_vector SET (fastupdate = off);
SELECT gin_clean_pending_list('search_document_vector');
"""
LATER = "ALTER INDEX search_document_vector RESET (fastupdate)"


class Migration(migrations.Migration):
    dependencies = [("search", "0008_plain_sooner")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(AT_ONCE, LATER)],
            state_operations=[
                migrations.RemoveIndex(model_name="document", name="search_document_vector"),
                migrations.AddIndex(
                    model_name="document",
                    index=django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["vector"], name="search_document_vector"
                    ),
                ),
            ],
        )
    ]
