import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from show.migration_operations import InstallSQL


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("episodes", "0006_episode_renditions"),
    ]

    operations = [
        migrations.AddField(
            model_name="episode",
            name="draft_saved_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="episode",
            name="draft_user",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        InstallSQL(
            "episodes",
            {"episodes_note_change.sql": "90f58ac8774c"},  # pragma: allowlist secret
        ),
    ]
