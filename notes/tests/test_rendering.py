"""Stored HTML of an older renderer is rendered again."""

import pytest
from django.core.management import call_command

from episodes.models import Episode
from episodes.tests import factories
from topics.models import Topic

pytestmark = pytest.mark.django_db
NOTES = "Built with ASP.NET, see www.a.example."


def test_links_that_an_older_renderer_made_of_names_are_mended():
    row = factories.episode("A site", introduction=NOTES, topics=[(60, "Why web3.py")])
    topic = row.topics.get()
    link = '<a href="http://web3.py" rel="noopener">web3.py</a>'
    Topic.objects.filter(pk=topic.pk).update(html=f"Why {link}")
    Episode.objects.filter(pk=row.pk).update(
        introduction_html='<p><a href="http://ASP.NET">ASP.NET</a></p>', renderer=1
    )
    call_command("rerender")
    row.refresh_from_db()
    topic.refresh_from_db()
    assert topic.html == "Why web3.py"
    link = '<a href="http://www.a.example" rel="noopener">www.a.example</a>'
    assert row.introduction_html == f"<p>Built with ASP.NET, see {link}.</p>"
