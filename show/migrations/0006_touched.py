"""Each commit tells which episodes' pages it touched."""

import django.contrib.postgres.fields
from django.db import migrations, models

from show.versioning import FUNCTIONS, TELLING_BUMP, TELLING_NOTE

BACK = FUNCTIONS.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").partition("CREATE CONSTR")[0]


class Migration(migrations.Migration):
    dependencies = [("show", "0005_second_step")]

    operations = [
        migrations.AddField(
            "versionbump",
            "touched",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                help_text="Keys of the episodes whose own pages alone can look different; "
                "null: any page.",
                null=True,
                size=None,
            ),
        ),
        migrations.RunSQL(TELLING_NOTE + TELLING_BUMP, BACK + "DROP FUNCTION show_touch(bigint[]);"),
    ]
