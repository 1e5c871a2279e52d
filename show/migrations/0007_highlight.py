from django.db import migrations, models

from show.migration_operations import InstallSQL


class Migration(migrations.Migration):
    dependencies = [("show", "0006_show_renditions")]
    operations = [
        migrations.CreateModel(
            "Highlight",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0, help_text="Lower numbers come first.")),
                (
                    "path",
                    models.CharField(
                        "address",
                        max_length=300,
                        unique=True,
                        help_text="Copy the address of an episode, or of a moment: a topic’s time is a link to it.",
                    ),
                ),
            ],
            options={"verbose_name_plural": "start here", "ordering": ["position", "pk"], "abstract": False},
        ),
        InstallSQL("show", {"watched_tables.sql": "07855b031a18"}),
    ]
