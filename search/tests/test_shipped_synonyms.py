"""Synonyms that ship with the code: in every database, beside the host's own."""

import zlib

import pytest
from django.core.exceptions import ValidationError
from django.db.migrations.loader import MigrationLoader

from search.engine import expand_query, search
from search.models import SynonymGroup
from search.query.parse import parse_query
from search.shipped_synonyms import FILE, shipped_groups, sync_shipped_synonyms
from search.tests.factories import indexed

pytestmark = pytest.mark.django_db


def phrases(query: str) -> set[tuple[str, ...]]:
    concepts = expand_query(parse_query(query)).concepts
    return {variant.stems for concept in concepts for variant in concept.variants}


def test_a_migration_brings_the_file_as_it_is() -> None:
    loader = MigrationLoader(None)
    plan = loader.graph.forwards_plan(loader.graph.leaf_nodes("search")[0])
    recorded = [
        found
        for key in plan
        if (found := getattr(loader.graph.nodes[key], "shipped_synonyms", None))
    ]
    assert recorded[-1] == zlib.crc32(FILE.read_bytes())


def test_every_database_has_them() -> None:
    groups = shipped_groups()
    assert len(groups) == len(set(groups)) > 1000
    rows = SynonymGroup.objects.filter(shipped=True, active=True)
    assert set(rows.values_list("words", flat=True)) == set(groups)
    indexed("A bad night", 1, topics=[(1, "Our longest downtime")])
    assert ("downtim",) in phrases("outage")


def test_a_group_that_is_switched_off_is_not_used() -> None:
    indexed("A bad night", 1, topics=[(1, "Our longest downtime")])
    SynonymGroup.objects.filter(words__contains="outage").update(active=False)
    assert phrases("outage") == {("outag",)}


def test_an_update_leaves_the_hosts_groups_and_switches() -> None:
    mine = SynonymGroup.objects.create(words="outage, meltdown")
    off = SynonymGroup.objects.filter(shipped=True).first()
    assert off
    SynonymGroup.objects.filter(pk=off.pk).update(active=False)
    former = SynonymGroup.objects.create(words="of a former release, gone", shipped=True)
    loaded = SynonymGroup.objects.filter(shipped=True).last()
    SynonymGroup.objects.filter(pk=loaded.pk).update(shipped=False)  # by hand, from the sample

    sync_shipped_synonyms()

    assert SynonymGroup.objects.filter(pk=mine.pk, shipped=False, active=True).exists()
    assert SynonymGroup.objects.filter(pk=off.pk, active=False).exists()
    assert not SynonymGroup.objects.filter(pk=former.pk).exists()
    assert SynonymGroup.objects.filter(pk=loaded.pk, shipped=True).exists()
    assert SynonymGroup.objects.filter(shipped=True).count() == len(shipped_groups())


def test_every_group_is_valid() -> None:
    for words in shipped_groups():
        try:
            SynonymGroup(words=words).clean()
        except ValidationError as wrong:
            pytest.fail(f"{words}: {wrong}")


@pytest.mark.parametrize(
    ("acronym", "words"),
    [
        ("KMS", "key management service"),
        ("IaC", "infrastructure as code"),
        ("PITR", "point in time recovery"),
        ("OOM", "out of memory"),
        ("mac", "macOS"),
    ],
)
def test_acronyms_are_known_both_ways(acronym: str, words: str) -> None:
    indexed("Apart", 1, topics=[(1, f"All about {words}")])
    indexed("Short", 2, topics=[(1, f"All about {acronym}")])
    for query in (acronym, words):
        assert {each.episode.title for each in search(query).results} == {"Apart", "Short"}


def test_a_mac_is_no_compute_engine() -> None:
    """“Computer” has the stem of “compute”."""
    indexed("A cloud", 1, topics=[(1, "Their Compute Engine is slow")])
    assert search("mac").count == search("macbook").count == search("laptop").count == 0
    indexed("A desk", 2, topics=[(1, "On a laptop")])
    assert [each.episode.title for each in search("mac").results] == ["A desk"]
