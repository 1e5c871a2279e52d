"""Time zones get their present names: Debian 13 and its PostgreSQL don't know the former ones."""

from typing import Any

from django.db import migrations

from show.timezones import former_names


def rename(apps: Any, schema_editor: Any) -> None:
    for show in apps.get_model('show', 'Show').objects.filter(timezone__in=former_names()):
        show.timezone = former_names()[show.timezone]
        show.save(update_fields=['timezone'])


class Migration(migrations.Migration):

    dependencies = [
        ('show', '0010_host_protected'),
    ]

    operations = [
        migrations.RunPython(rename, migrations.RunPython.noop),
    ]
