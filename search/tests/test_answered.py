"""Zero-result queries leave the desk's list once they find something."""

from datetime import date

import pytest

from episodes.tests.factories import technology
from podcast.management.commands.tick import JOBS
from search.answered import remove_answered
from search.models import SynonymGroup, ZeroResultQuery
from search.tests.factories import indexed

pytestmark = pytest.mark.django_db


def missed(*queries: str) -> None:
    for query in queries:
        ZeroResultQuery.objects.create(query=query, last_on=date(2026, 1, 2))


def left() -> list[str]:
    return list(ZeroResultQuery.objects.order_by("query").values_list("query", flat=True))


def test_what_finds_something_by_now_leaves_the_list() -> None:
    missed("brownout", "gleam", "k9s", "sluggishness")
    assert remove_answered() == ""
    indexed(topics=[(5, "A brownout of the API"), (9, "Response times")], technologies=["Go"])
    technology("Go").add_names("k9s")
    SynonymGroup.objects.create(words="sluggishness, response times")
    assert remove_answered() == (
        "No longer searches without results: “brownout”, “k9s”, “sluggishness”."
    )
    assert left() == ["gleam"]


def test_drafts_answer_nothing() -> None:
    missed("brownout")
    indexed(topics=[(5, "A brownout")], status="draft")
    assert remove_answered() == ""
    assert left() == ["brownout"]


def test_it_runs_every_minute() -> None:
    assert remove_answered in JOBS
