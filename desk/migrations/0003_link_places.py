from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("desk", "0002_publishing")]

    operations = [
        # Made anew at the next round of links, so no row is worth keeping.
        migrations.RunSQL("DELETE FROM desk_linksurvey", migrations.RunSQL.noop),
        migrations.RemoveField("linksurvey", "version"),
        migrations.AddField(
            "linksurvey", "made_at", models.DateTimeField(default=None), preserve_default=False
        ),
        migrations.AddField(
            "link",
            "places",
            models.JSONField(
                default=list, help_text="Where it stands; see linkcheck.addresses."
            ),
        ),
    ]
