"""An address is replaced everywhere, and nothing else is."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from episodes.models import Episode
from episodes.tests import factories
from linkcheck.models import Link
from linkcheck.replace import replace_address
from linkcheck.tests.factories import linked_episode
from notes.models import Revision


@pytest.fixture
def linked(db: None) -> Episode:
    return linked_episode()


def test_replacing_changes_every_source_and_only_these(linked: Episode, host_user: Any) -> None:
    keys = list(linked.topics.values_list("pk", flat=True))
    revisions = Revision.objects.count()
    count = replace_address("https://old.example/page", "https://new.example/", host_user)
    assert count == 7
    linked.refresh_from_db()
    topic = linked.topics.get()
    assert [topic.pk] == keys
    assert topic.text == "See [it](https://new.example/) and <https://old.example/page/more>"
    assert 'href="https://new.example/"' in topic.html
    assert linked.introduction == "Read https://new.example/, then https://new.example/#end."
    assert [row.url for row in linked.references.all()] == [
        "https://new.example/#part", "https://fine.example/",
    ]  # fmt: skip
    assert Revision.objects.count() == revisions + 1
    assert Revision.objects.first().user == host_user
    assert not Link.objects.filter(url="https://old.example/page").exists()
    assert Link.objects.filter(url="https://new.example/").exists()


@pytest.mark.parametrize(
    "new", ["", "javascript:alert(1)", "new.example", "https://a b", "http:/x"]
)
def test_what_is_no_address_is_refused(linked: Episode, host_user: Any, new: str) -> None:
    with pytest.raises(ValidationError, match="isn’t an address such as"):
        replace_address("https://old.example/page", new, host_user)


@pytest.mark.parametrize("old", ["", " ", "h", "https://", "https:", "page", "See"])
def test_what_was_no_address_is_replaced_nowhere(linked: Episode, host_user: Any, old: str) -> None:
    introduction, revisions = linked.introduction, Revision.objects.count()
    assert replace_address(old, "https://new.example/", host_user) == 0
    linked.refresh_from_db()
    assert (linked.introduction, Revision.objects.count()) == (introduction, revisions)


def test_another_librarys_address_changes_nothing(linked: Episode, host_user: Any) -> None:
    factories.library("https://taken.example/")
    with pytest.raises(ValidationError, match="Merge the two libraries"):
        replace_address("https://old.example/page", "https://taken.example/", host_user)
    assert "old.example/page" in linked.references.first().url
