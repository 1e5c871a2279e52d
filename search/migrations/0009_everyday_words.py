from django.db import migrations

from search.shipped_synonyms import sync_shipped_synonyms


def sync(apps, schema_editor):
    sync_shipped_synonyms(apps.get_model("search", "SynonymGroup"))


class Migration(migrations.Migration):
    dependencies = [("search", "0008_notes_passages")]
    shipped_synonyms = 138903612  # the CRC-32 of search/synonyms.txt

    operations = [migrations.RunPython(sync, migrations.RunPython.noop)]
