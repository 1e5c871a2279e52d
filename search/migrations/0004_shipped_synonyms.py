from django.db import migrations, models

from search.shipped_synonyms import sync_shipped_synonyms


def sync(apps, schema_editor):
    sync_shipped_synonyms(apps.get_model("search", "SynonymGroup"))


class Migration(migrations.Migration):
    dependencies = [("search", "0003_content_vector")]
    shipped_synonyms = 3065363378  # the CRC-32 of search/synonyms.txt

    operations = [
        migrations.AddField(
            "synonymgroup",
            "shipped",
            models.BooleanField(default=False, db_default=False, editable=False),
        ),
        migrations.AddField(
            "synonymgroup",
            "active",
            models.BooleanField(
                default=True, db_default=True, help_text="Used in searches."
            ),
        ),
        migrations.RunPython(sync, migrations.RunPython.noop),
    ]
