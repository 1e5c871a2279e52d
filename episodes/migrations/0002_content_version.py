from django.db import migrations

from show.versioning import watch_content

TABLES = (
    "episodes_episode",
    "episodes_enclosure",
    "episodes_sponsor",
    "episodes_appearance",
    "episodes_use",
    "episodes_libraryuse",
    "episodes_reference",
    "episodes_mention",
)


class Migration(migrations.Migration):
    dependencies = [("episodes", "0001_initial"), ("show", "0002_content_version")]

    operations = [watch_content(table) for table in TABLES]
