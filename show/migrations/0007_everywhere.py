"""Tells when a commit last changed what any page may show."""

from django.db import migrations, models

from show.versioning import DATING_BUMP, TELLING_BUMP

FILL = "UPDATE show_contentversion SET everywhere_at = changed_at"


class Migration(migrations.Migration):
    dependencies = [("show", "0006_touched")]

    operations = [
        migrations.AddField(
            "contentversion",
            "everywhere_at",
            models.DateTimeField(
                help_text="When a commit last changed what any page may show, not single episodes "
                "alone.",
                null=True,
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(DATING_BUMP, TELLING_BUMP),
    ]
