from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("search", "0007_sql_files")]

    operations = [
        migrations.RemoveIndex("passage", "search_passage_cues"),
        migrations.AddIndex(
            "passage",
            GinIndex(
                fields=["vector"],
                name="search_passage_notes",
                condition=models.Q(source="cue", _negated=True),
            ),
        ),
    ]
