"""The sample's files load into an empty database and cover its show notes."""

import json
import re

import pytest
from django.core.management import call_command

from guests.models import Guest, GuestName
from search.models import Question, SynonymGroup
from show.models import CallToAction, FollowLink, Page, Promotion, Show
from stack.models import Technology, TechnologyName
from tests.production import ROOT
from text.names import normalise_name
from text.urls import is_web_url

FIXTURES = ROOT / "fixtures"
NAMES = ("show.json", "technologies.json", "questions.json")
TAGS = sorted(set(re.findall(r"^(\S+) →$", (FIXTURES / "show-notes.txt").read_text(), re.M)))


@pytest.fixture
def _loaded(db) -> None:
    call_command("loaddata", *(FIXTURES / name for name in NAMES), verbosity=0)


def test_loading_again_changes_nothing(_loaded):
    models = (Technology, TechnologyName, Guest, FollowLink, SynonymGroup, Question)
    counts = [model.objects.count() for model in models]
    call_command("loaddata", *(FIXTURES / name for name in NAMES), verbosity=0)
    assert counts == [model.objects.count() for model in models]


def test_keys_are_what_saving_would_make_them(_loaded):
    for model in (TechnologyName, GuestName):
        for row in model.objects.all():
            assert row.normalised == normalise_name(row.name), row.name


def test_every_row_is_valid(_loaded):
    rows = (Show, Guest, Technology, TechnologyName, FollowLink, Promotion, CallToAction, Page)
    for model in (*rows, SynonymGroup, Question):
        for row in model.objects.all():
            row.full_clean()


def test_the_notes_technologies_are_all_known_by_their_addresses(_loaded):
    assert len(TAGS) == 74
    assert set(Technology.objects.values_list("slug", flat=True)) == set(TAGS)
    for technology in Technology.objects.all():
        assert Technology.objects.named(technology.name) == technology
        assert Technology.objects.named(technology.slug) == technology
        assert is_web_url(technology.homepage)
        assert technology.category in Technology.Category.values


def test_other_names(_loaded):
    slugs = {
        "PostgreSQL": "postgres", "K8s": "kubernetes", "C#": "c-sharp", ".NET": "dotnet",
        "Go": "golang", "Let’s Encrypt": "lets-encrypt", "AWS S3": "s3", "GCP": "gcp",
        "React.js": "react", "amazon rds": "rds", "Google Cloud Platform": "gcp",
    }  # fmt: skip
    found = {name: Technology.objects.named(name) for name in slugs}
    assert {name: row and row.slug for name, row in found.items()} == slugs


def test_words_of_a_group_are_told_apart_by_search(_loaded):
    """“deploy” finds “deploying” already: naming both would only make the group longer."""
    for group in SynonymGroup.objects.all():
        assert len(set(group.queries)) == len(group.phrases) > 1, group.words


def test_the_show(_loaded):
    show = Show.objects.current()
    assert (show.title, str(show.zone)) == ("Running in Production", "America/New_York")
    assert str(show.podcast_guid) == "3c0e7cb2-aeda-5971-87a4-d994709aab7d"
    assert show.host is not None
    assert show.host.profiles == [
        "https://nickjanetakis.com", "https://twitter.com/nickjanetakis", "https://github.com/nickjj",
    ]  # fmt: skip
    open_links = FollowLink.objects.open().values_list("name", flat=True)
    assert list(open_links) == [
        "Apple Podcasts", "Overcast", "Spotify", "Pocket Casts", "Castbox", "Podcast Republic",
    ]  # fmt: skip
    assert (
        Promotion.objects.earliest("pk")
        .link("/podcast/37-x")
        .endswith("utm_campaign=/podcast/37-x")
    )
    assert set(CallToAction.objects.values_list("purpose", flat=True)) == set(
        CallToAction.Purpose.values
    )


@pytest.mark.parametrize("name", NAMES)
def test_files_are_kept_in_one_shape(name: str):
    """As `json.dumps` writes them, so that an edit is a small difference."""
    text = (FIXTURES / name).read_text()
    assert text == json.dumps(json.loads(text), indent=1, ensure_ascii=False) + "\n"
