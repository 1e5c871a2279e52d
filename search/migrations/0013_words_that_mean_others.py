from django.db import migrations

from search.shipped_synonyms import sync_shipped_synonyms


def sync(apps, schema_editor):
    sync_shipped_synonyms(apps.get_model("search", "SynonymGroup"))


class Migration(migrations.Migration):
    dependencies = [("search", "0012_sql_files")]
    shipped_synonyms = 2202130242  # the CRC-32 of search/synonyms.txt

    operations = [migrations.RunPython(sync, migrations.RunPython.noop)]
