from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ops", "0006_idle_ticks")]

    operations = [
        migrations.AddField(
            "jobrun",
            "ping_problem",
            models.TextField(
                blank=True, db_default="", help_text="Why PING_URL didn't answer after its last success"
            ),
        ),
    ]
