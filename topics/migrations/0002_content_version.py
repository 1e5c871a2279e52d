from django.db import migrations

from show.versioning import watch_content

TABLES = ("topics_topic", "topics_transcript", "topics_cue")


class Migration(migrations.Migration):
    dependencies = [("topics", "0001_initial"), ("show", "0002_content_version")]

    operations = [watch_content(table) for table in TABLES]
