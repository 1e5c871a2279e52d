from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("show", "0004_clock_reading")]
    operations = [
        migrations.AddField(
            "show",
            "dismissed",
            models.JSONField(
                default=list,
                db_default=[],
                editable=False,
                help_text="What the desk no longer proposes.",
            ),
        )
    ]
