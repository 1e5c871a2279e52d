"""New libraries: their names, and when a new address belongs to a known one."""

import pytest

from notes.new_rows import new_libraries
from stack.models import Library
from text.urls import url_key

pytestmark = pytest.mark.django_db


def add(*urls: str, named: tuple[Library, ...] = ()) -> list[Library]:
    return list(new_libraries({url_key(url): url for url in urls}, named).values())


def test_the_directory_knows_how_a_name_is_spelt() -> None:
    found = add("https://spacy.io/", "https://docs.graphene-python.org/projects/django/en/latest/")
    assert [(row.name, row.slug) for row in found] == [
        ("spaCy", "spacy"),
        ("graphene-python", "graphene-python"),
    ]


@pytest.mark.parametrize(
    "later",
    [
        "https://django-storages.readthedocs.io/en/latest/",
        "https://pypi.org/project/django_storages/",
        "https://pypi.org/project/Django-Storages/",
    ],
)
def test_the_same_name_on_another_site_is_the_same_library(later: str) -> None:
    (repository,) = add("https://github.com/jschneier/django-storages")
    assert add(later) == [repository]
    assert set(repository.addresses.values_list("key", flat=True)) == {
        "github.com/jschneier/django-storages",
        url_key(later),
    }
    repository.refresh_from_db()
    assert (repository.slug, repository.url) == (
        "django-storages",
        "https://github.com/jschneier/django-storages",
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("https://github.com/a/core-tools", "https://github.com/b/core-tools"),  # a fork, perhaps
        ("https://github.com/a/api", "https://pypi.org/project/api/"),  # many have such a name
        ("https://github.com/a/storages", "https://pypi.org/project/django-storages/"),
    ],
)
def test_others_stay_two(first: str, second: str) -> None:
    (one,) = add(first)
    (other,) = add(second)
    assert one != other
    assert one.slug != other.slug


def test_notes_that_name_both_mean_two() -> None:
    """An episode names a library once, so one of the links would be lost."""
    urls = ("https://github.com/jschneier/django-storages", "https://django-storages.example.org/")
    assert len(set(add(*urls))) == 2
    (repository,) = add("https://github.com/a/celery-beat")
    (site,) = add("https://celery-beat.example.org/", named=(repository,))
    assert site != repository
