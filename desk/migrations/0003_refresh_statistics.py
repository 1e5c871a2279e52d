"""Erasing refreshes statistics with the owner's rights."""

from django.db import migrations

from show.migration_operations import InstallSQL


class Migration(migrations.Migration):
    dependencies = [('desk', '0002_renamed_models')]

    operations = [
        InstallSQL('desk', {
            'desk_refresh_statistics.sql': '0c0cb5cc32bf',
        }),
    ]
