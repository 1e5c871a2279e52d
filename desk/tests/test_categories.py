"""Categories of many technologies: proposals, one save, what others did meanwhile, and undo."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from desk.categories.proposals import CategoryProposals
from desk.tests.forms import form_data
from desk.tests.test_roles import someone
from episodes.tests import factories
from stack.directory import fill_from_directory
from stack.models import Technology

pytestmark = pytest.mark.django_db
PATH = "/admin/stack/categories/"


@pytest.fixture(autouse=True)
def _show(db: None) -> None:
    factories.show()


def add(name: str, **fields: Any) -> Technology:
    return Technology.objects.create(name=name, slug=f"t-{Technology.objects.count()}", **fields)


def save(host: Client, **values: str) -> str:
    """Save the page as it is shown, but for these names’ categories; the answer’s messages."""
    data = form_data(host.get(PATH))
    for name, category in values.items():
        pk = Technology.objects.get(name=name).pk
        (field,) = (each for each in data if each.startswith(f"category-{pk}-"))
        data[field] = category
    answer: Any = host.post(PATH, data, follow=True)
    return " ".join(" ".join(str(message) for message in answer.context["messages"]).split())


@pytest.mark.parametrize(
    ("name", "fields", "category", "reason"),
    [
        ("Redis", {}, "database", "Redis is known"),
        ("redis", {"slug": "redis"}, "database", "Redis is known"),
        ("Our cache", {"homepage": "https://www.redis.io/docs"}, "database", "its website is that"),
        ("Elasticsearh", {}, "database", "spelled like Elasticsearch"),
        ("AWS Snowmobile", {}, "hosting", "other names with “aws”"),
        ("Our hutch", {"homepage": "https://github.com/us/forge"}, None, ""),
        ("Homegrown", {}, None, ""),
    ],
)
def test_proposals(name: str, fields: dict[str, str], category: str | None, reason: str) -> None:
    technology = Technology(name=name, **{"slug": "t-1", **fields})
    found = CategoryProposals([]).of(technology, [])
    assert (found.category if found else None) == category
    assert not found or reason in found.reason


def test_what_the_host_sorted_counts_before_the_directory() -> None:
    own = [
        Technology(name="Acme Queue", category="queue"),
        Technology(name="Acme Jobs", category="queue"),
    ]
    found = CategoryProposals(own).of(Technology(name="Acme Mail", slug="t"), [])
    assert found
    assert found.category == "queue"


def test_one_save_accepts_proposals_and_choices(host: Client) -> None:
    for name in ("Redis", "Django", "Homegrown", "Odd"):
        add(name)
    said = save(host, Homegrown="practice", Odd="other")
    assert "Chosen for 4 technologies." in said
    for part in ("Databases and search: Redis.", "Ways of working: Homegrown.", "Other: Odd."):
        assert part in said
    assert not Technology.objects.filter(category_chosen=False).exists()
    page = host.get(PATH).content.decode()
    assert "Every technology has a category." in page
    entry = LogEntry.objects.get(object_id=Technology.objects.get(name="Redis").pk)
    assert entry.get_change_message() == "Changed Category."


def test_undo_takes_the_last_save_back(host: Client) -> None:
    redis = add("Redis")
    django = add("Django", category="service")
    save(host, Django="framework")
    Technology.objects.filter(pk=django.pk).update(category="language")  # somebody else
    answer: Any = host.post(PATH, {"undo": "1"}, follow=True)
    said = " ".join(str(message) for message in answer.context["messages"])
    assert "Taken back for 1 technology." in said
    assert "Django has another category meanwhile, which stays." in said
    redis.refresh_from_db()
    assert (redis.category, redis.category_chosen) == ("other", False)
    answer = host.post(PATH, {"undo": "1"}, follow=True)
    assert "No category was changed." in answer.content.decode()


def test_what_somebody_else_chose_stays(host: Client) -> None:
    redis = add("Redis")
    data = form_data(host.get(PATH))
    Technology.objects.update(category="queue")
    answer: Any = host.post(PATH, data, follow=True)
    assert "Redis has another category meanwhile, which stays." in answer.content.decode()
    redis.refresh_from_db()
    assert redis.category == "queue"


@pytest.mark.parametrize("value", ["nonsense", "FRAMEWORK", "\x01"])
def test_only_categories_can_be_chosen(host: Client, value: str) -> None:
    redis = add("Redis")
    assert host.post(PATH, {f"category-{redis.pk}-": value}).status_code == 400
    redis.refresh_from_db()
    assert redis.category == "other"
    assert host.post(PATH, {"category-999999-": "service", "category-x-y": "1"}).status_code == 302


def test_who_may_not_change_technologies_sees_no_page(host: Client) -> None:
    assert Client().get(PATH).status_code == 302
    assert someone("Editor").get(PATH).status_code == 200


def test_a_chosen_category_stays(host: Client) -> None:
    redis = add("Redis")
    path = f"/admin/stack/technology/{redis.pk}/change/"
    host.post(path, form_data(host.get(path)) | {"category": "service"})
    host.post(path, form_data(host.get(path)) | {"category": "other"})
    redis.refresh_from_db()
    assert redis.category_chosen
    fill_from_directory(redis)
    redis.refresh_from_db()
    assert redis.category == "other"


def test_it_costs_the_same_for_many(
    host: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(40):
        add(f"Homegrown {number}")
    with django_assert_max_num_queries(9):
        host.get(PATH)
