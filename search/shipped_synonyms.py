"""Synonyms that ship with the code. They are rows beside the host's own groups."""

from pathlib import Path

from search.models import SynonymGroup

FILE = Path(__file__).with_name("synonyms.txt")


def shipped_groups() -> list[str]:
    """The groups in the file, each `outage, downtime, went down`."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def sync_shipped_synonyms(model: type[SynonymGroup] = SynonymGroup) -> None:
    """Make the shipped rows those of the file. The host's own, and what is off, stay so."""
    groups = shipped_groups()
    model.objects.filter(words__in=groups).update(shipped=True)  # the sample's, loaded by hand
    model.objects.filter(shipped=True).exclude(words__in=groups).delete()
    present = set(model.objects.values_list("words", flat=True))
    model.objects.bulk_create(
        model(words=words, shipped=True) for words in groups if words not in present
    )
