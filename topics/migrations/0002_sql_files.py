from django.db import migrations

from show.migration_operations import InstallSQL


class Migration(migrations.Migration):
    dependencies = [("topics", "0001_version_1"), ("episodes", "0002_sql_files")]

    operations = [
        InstallSQL("topics", {
            "watched_tables.sql": "162cd525cd35",
        }),
    ]
