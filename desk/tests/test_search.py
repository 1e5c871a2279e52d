"""Questions, synonyms and searches without results; searching episodes at the desk."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from desk.start.zero_results import unanswered
from desk.tests.forms import errors, form_data
from episodes.tests import factories
from search.index import refresh
from search.models import GuestWanted, Question, SynonymGroup, ZeroResultQuery
from search.tests.factories import indexed
from stack.models import Technology

pytestmark = pytest.mark.django_db
QUESTIONS = "/admin/search/question/"
GROUPS = "/admin/search/synonymgroup/"
MISSES = "/admin/search/zeroresultquery/"
EPISODES = "/admin/episodes/episode/"


@pytest.fixture(autouse=True)
def _show(db) -> None:
    factories.show()


def test_a_question_is_added_and_shows_what_it_finds(host: Client) -> None:
    indexed(topics=[(5, "Best tips? <Ship> it"), (9, "A tip")])
    data = form_data(host.get(f"{QUESTIONS}add/"))
    data |= {"title": "Best tips", "slug": "best-tips", "query": '"best tip"', "_continue": "1"}
    page = host.post(f"{QUESTIONS}add/", data, follow=True).content.decode()
    assert "1 moment in 1 episode" in page
    assert '<a href="/podcast/1-a-site?t=5">Best tips? &lt;Ship&gt; it</a>' in page
    assert host.get("/questions/best-tips").status_code == 200


def test_a_new_question_stands_last(host: Client) -> None:
    Question.objects.all().delete()
    assert 'name="position" value="0"' in host.get(f"{QUESTIONS}add/").content.decode()
    Question.objects.create(title="Tips", slug="tips", query="tip", position=7)
    assert 'name="position" value="8"' in host.get(f"{QUESTIONS}add/").content.decode()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"query": "stack:django"}, "needs a word that can be searched for"),
        ({"slug": "42"}, "not digits alone"),
        ({"slug": "taken"}, "taken already"),
    ],
)
def test_errors_of_questions(host: Client, changes: dict, message: str) -> None:
    Question.objects.create(title="Taken", slug="taken", query="taken")
    data = form_data(host.get(f"{QUESTIONS}add/")) | {"title": "A", "slug": "a", "query": "tip"}
    assert message in errors(host.post(f"{QUESTIONS}add/", data | changes))


@pytest.mark.parametrize("count", [2, 6])
def test_questions_are_counted_at_once(
    host: Client, count: int, django_assert_num_queries: Any
) -> None:
    indexed(topics=[(5, "Tip 0"), (6, "Tip 0 and 1")])
    for number in range(count):
        Question.objects.create(title=f"Q{number}", slug=f"q{number}", query=f"tip {number}")
    with django_assert_num_queries(8):
        page = host.get(QUESTIONS).content.decode()
    assert "2 moments in 1 episode" in page
    assert "1 moment in 1 episode" in page


def test_a_group_needs_two_words_and_can_be_tried(host: Client) -> None:
    data = form_data(host.get(f"{GROUPS}add/?words=gleam%2C%20"))
    assert data["words"] == "gleam, "
    assert "two words or phrases" in errors(host.post(f"{GROUPS}add/", data))
    host.post(f"{GROUPS}add/", data | {"words": " gleam ,beam language,"})
    group = SynonymGroup.objects.get(shipped=False)
    assert group.words == "gleam, beam language"
    page = host.get(f"{GROUPS}{group.pk}/change/").content.decode()
    assert '<a href="/search?q=beam+language">beam language</a>' in page


def test_a_shipped_group_can_only_be_switched_off(host: Client) -> None:
    group = SynonymGroup.objects.filter(shipped=True).first()
    assert group
    path = f"{GROUPS}{group.pk}/change/"
    page = host.get(path)
    assert "deletelink" not in page.content.decode()
    data = form_data(page)
    assert "words" not in data
    host.post(path, {"words": "other, words"})
    group.refresh_from_db()
    assert not group.active
    assert group.words != "other, words"
    assert host.post(f"{GROUPS}{group.pk}/delete/", {"post": "yes"}).status_code == 403


def test_searches_without_results_offer_remedies(host: Client) -> None:
    technology = factories.technology("Kubernetes")
    ZeroResultQuery.objects.create(query="k-eights & co", count=3, last_on=date(2026, 1, 2))
    page = host.get(MISSES).content.decode()
    assert '<a href="/search?q=k-eights+%26+co">k-eights &amp; co</a>' in page
    assert '<a href="/admin/search/synonymgroup/add/?words=k-eights+%26+co%2C+">' in page
    path = "/admin/stack/technologyname/add/?name=k-eights+%26+co"
    assert f'<a href="{path}">' in page
    data = form_data(host.get(path))
    assert data["name"] == "k-eights & co"
    assert "already names" in errors(
        host.post(path, data | {"name": "kubernetes", "technology": str(technology.pk)})
    )
    host.post(path, data | {"technology": str(technology.pk)})
    assert Technology.objects.named("K Eights Co") == technology


def test_searches_without_results_can_only_be_deleted(host: Client) -> None:
    miss = ZeroResultQuery.objects.create(query="gleam", last_on=date(2026, 1, 2))
    assert host.get(f"{MISSES}add/").status_code == 403
    assert host.post(f"{MISSES}{miss.pk}/change/", {"count": "9"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [miss.pk], "post": "yes"}
    host.post(MISSES, chosen)
    assert not ZeroResultQuery.objects.exists()


def test_the_start_page_lists_the_models(host: Client) -> None:
    page = host.get("/admin/").content.decode()
    for path in (QUESTIONS, GROUPS, MISSES):
        assert f'href="{path}"' in page
    assert "/admin/stack/technologyname/" not in page


def found(host: Client, query: str) -> list[str]:
    response: Any = host.get(f"{EPISODES}?q={query}")
    return [episode.title for episode in response.context_data["cl"].result_list]


def test_episodes_are_found_by_full_text_and_drafts_by_their_fields(host: Client) -> None:
    factories.technology("Kubernetes").add_names("k8s")
    topics = [(5, "Away from Kubernetes")]
    indexed("Off Kubernetes", 1, topics=topics, technologies=["Kubernetes"])
    indexed("At Home", 2, topics=[(5, "Some Kubernetes, in a long list of what else there is")])
    indexed("A Draft on Kubernetes", 3, status="draft", published_at=None)
    indexed("Other Draft", 4, status="draft", published_at=None, summary="Kubernetes, later")
    indexed("Unrelated", 5)
    later = timezone.now() + timedelta(days=1)
    indexed("Kubernetes, Soon", 6, published_at=later)
    best_first = ["Off Kubernetes", "At Home"]
    assert found(host, "kubernetes")[:2] == best_first
    assert set(found(host, "kubernetes")[2:]) == {
        "A Draft on Kubernetes", "Other Draft", "Kubernetes, Soon",
    }  # fmt: skip
    assert found(host, "k8s") == best_first
    assert found(host, "kuberntes") == best_first
    assert found(host, "kubernetes&o=-2.3")[0] == "Kubernetes, Soon"
    assert len(found(host, "")) == 6


def test_a_deleted_episode_is_found_in_the_bin_only(host: Client) -> None:
    row = indexed("Kubernetes", 1, deleted_at=timezone.now())
    refresh([row.pk])
    assert found(host, "kubernetes") == []
    assert found(host, "kubernetes&state=bin") == ["Kubernetes"]


def test_bookmarks_of_version_1_lead_to_the_same_pages(host: Client) -> None:
    group = SynonymGroup.objects.create(words="outage, downtime")
    for former, path in (
        (f"/admin/search/wordgroup/{group.pk}/change/", f"{GROUPS}{group.pk}/change/"),
        ("/admin/search/wordgroup/?q=outage", f"{GROUPS}?q=outage"),
        ("/admin/search/miss/", MISSES),
        ("/admin/search/wanted/add/?subject=Roc", "/admin/search/guestwanted/add/?subject=Roc"),
    ):
        assert host.get(former, follow=True).redirect_chain == [(path, 302)]


@pytest.mark.parametrize(
    ("query", "subject"), [("haskell", "Haskell"), ("postgresql", "PostgreSQL"), ("k8s", "k8s")]
)
def test_a_wish_is_written_as_listeners_read_it(host: Client, query: str, subject: str) -> None:
    miss = ZeroResultQuery.objects.create(query=query, last_on=date(2026, 3, 4))
    page = host.get(f"/admin/search/guestwanted/add/?subject={query}").content.decode()
    assert f'value="{subject}"' in page
    GuestWanted.objects.create(subject=subject)
    assert miss not in unanswered()


def test_another_name_is_added_without_djangos_buttons(host: Client) -> None:
    page = host.get("/admin/stack/technologyname/add/?name=haskell").content.decode()
    assert "related-widget-wrapper-link" not in page
    assert "_addanother" not in page
