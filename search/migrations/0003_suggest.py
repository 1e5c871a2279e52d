"""What the search box looks into while one types: words of guests' names and of titles."""

from django.db import migrations

INDEXES = """
CREATE INDEX search_guest_name ON guests_guest
    USING gin (to_tsvector('simple', search_plain(name)));
CREATE INDEX search_episode_title ON episodes_episode
    USING gin (to_tsvector('search_words', search_plain(title)));
"""
DROP = """
DROP INDEX search_guest_name;
DROP INDEX search_episode_title;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0002_refresh"),
        ("episodes", "0001_initial"),
        ("guests", "0001_initial"),
    ]

    operations = [migrations.RunSQL(INDEXES, DROP)]
