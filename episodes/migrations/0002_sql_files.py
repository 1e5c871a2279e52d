from django.db import migrations

from show.migration_operations import InstallSQL


class Migration(migrations.Migration):
    dependencies = [("episodes", "0001_version_1"), ("show", "0002_sql_files")]

    operations = [
        InstallSQL("episodes", {
            "episodes_is_listed.sql": "481d142491b4",
            "episodes_watch.sql": "091f00b84695",
            "episodes_discard_file.sql": "53e4008fab0d",
            "episodes_note_change.sql": "ec010825f6ef",
            "watched_tables.sql": "e017c2b40ec2",
        }),
    ]
