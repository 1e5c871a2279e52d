from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("show", "0002_sql_files")]
    operations = [
        migrations.AlterField(
            "show",
            "podcast_guid",
            models.UUIDField(
                "podcast GUID",
                null=True,
                blank=True,
                help_text="It identifies the show when its feed moves. If empty, it is made from the "
                "feed's address once the first episode is public. Don't change it then.",
            ),
        )
    ]
