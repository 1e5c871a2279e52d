from django.db import migrations

from show.migration_operations import InstallSQL


class Migration(migrations.Migration):
    dependencies = [("search", "0006_acronyms")]

    operations = [InstallSQL("search", {"search_documents.sql": "78fdd071b362"})]
