from django.db import migrations

from show.migration_operations import InstallSQL


class Migration(migrations.Migration):
    dependencies = [("episodes", "0001_version_1"), ("show", "0002_sql_files")]

    operations = [
        InstallSQL("episodes", {
            "episodes_discard_file.sql": "53e4008fab0d",
            "episodes_note_change.sql": "24ff774604f1",
            "watched_tables.sql": "5ba96f94698e",
        }),
    ]
