"""The technology directory: its facts, and what technologies take from it."""

from collections import Counter

import pytest

from stack.directory import entry_named, fill_from_directory, read_directory
from stack.models import Technology
from text.names import normalise_name
from text.urls import is_web_url

ENTRIES = list(read_directory())


def test_no_name_names_two_technologies() -> None:
    names = Counter(normalise_name(name) for entry in ENTRIES for name in entry.names)

    assert {name: count for name, count in names.items() if count > 1 or not name} == {}


def test_every_entry_is_complete() -> None:
    categories = {value for value in Technology.Category if value != Technology.Category.OTHER}

    assert len(ENTRIES) > 700
    for entry in ENTRIES:
        assert entry.category in categories, entry
        assert entry.homepage.startswith("https://") and is_web_url(entry.homepage), entry
        assert max(map(len, entry.names)) <= 100, entry
        assert entry.icon == "" or entry.icon.replace("_", "").isalnum(), entry


def test_entries_stand_in_sections_by_category() -> None:
    order = [entry.category for entry in ENTRIES]

    assert order == sorted(order, key=list(dict.fromkeys(order)).index)


@pytest.mark.parametrize(
    ("name", "official"),
    [
        ("k8s", "Kubernetes"),
        ("nodejs", "Node.js"),
        ("ror", "Ruby on Rails"),
        ("tf", "Terraform"),
        ("Postgres", "PostgreSQL"),
        ("lets-encrypt", "Let's Encrypt"),
        ("c-sharp", "C#"),
    ],
)
def test_people_s_names_lead_to_the_official_one(name: str, official: str) -> None:
    entry = entry_named(name)

    assert entry and entry.name == official


def test_what_nobody_knows_has_no_entry() -> None:
    assert entry_named("our own in-house thing") is None
    assert entry_named("") is None


@pytest.mark.django_db
def test_a_technology_takes_what_it_lacks() -> None:
    technology = Technology(name="k8s", slug="k8s")

    changes = fill_from_directory(technology)

    technology.refresh_from_db()
    assert technology.name == "Kubernetes"
    assert technology.category == "operations"
    assert technology.homepage == "https://kubernetes.io/"
    assert Technology.objects.named("kubernetes") == technology
    assert Technology.objects.named("k8s") == technology
    assert "name: k8s → Kubernetes" in changes
    assert fill_from_directory(technology) == []


@pytest.mark.django_db
def test_the_host_s_own_facts_stay() -> None:
    technology = Technology.objects.create(
        name="K8s!", slug="k8s", category="hosting", homepage="https://example.com/"
    )
    Technology.objects.create(name="Kube", slug="kubernetes")

    changes = fill_from_directory(technology)

    technology.refresh_from_db()
    assert (technology.name, technology.category) == ("K8s!", "hosting")
    assert technology.homepage == "https://example.com/"
    assert changes == []  # “kubernetes” names another technology
