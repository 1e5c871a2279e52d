from django.db import migrations

from show.migration_operations import InstallSQL


class Migration(migrations.Migration):
    dependencies = [("search", "0006_acronyms")]

    operations = [
        InstallSQL("search", {
            "search_normalize.sql": "0b87b627918e",
            "search_documents.sql": "78fdd071b362",
            "search_vectors.sql": "8bc16036c860",
            "search_refresh.sql": "261a4147b40b",
            "search_document_gone.sql": "fb3ecdc32321",
        })
    ]
