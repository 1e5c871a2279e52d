from django.db import migrations

from show.migration_operations import InstallSQL


class Migration(migrations.Migration):
    dependencies = [("show", "0001_version_1"), ("stack", "0001_version_1"), ("guests", "0001_version_1")]

    operations = [
        # Tables in the order in which edits lock them: show_versionbump last.
        InstallSQL("show", {
            "show_touch.sql": "4858f2d73569",
            "show_note_change.sql": "13c4a5d7d032",
            "show_watch.sql": "71fc5548a150",
            "watched_tables.sql": "33480693b0a2",
            "show_bump_version.sql": "0f1f945656d7",
        }),
    ]
