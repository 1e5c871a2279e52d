"""Writes a draft and its facts to rows. Unchanged items retain their rows."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from urllib.parse import unquote

from django.db import models

from episodes.models import Appearance, Enclosure, Episode, LibraryUse, Reference, Sponsor, Use
from guests.models import Guest
from notes.grammar.draft import EnclosureFacts, GuestDraft, LinkDraft, SponsorFacts, TopicDraft
from notes.matching import match_topics
from notes.rendering import render_topic
from stack.directory import fill_from_directory
from stack.models import Library, LibraryAddress, Technology
from text.names import slug_for
from text.urls import name_from_url, url_key
from topics.models import Topic

# Values of an episode's join rows, by the key of what they join, in order.
JoinValues = dict[int, dict[str, Any]]


def write_topics(episode: Episode, topics: tuple[TopicDraft, ...]) -> None:
    existing = list(Topic.objects.filter(episode=episode))
    matches = match_topics([TopicDraft(row.seconds, row.text) for row in existing], topics)
    gone = [row.pk for index, row in enumerate(existing) if index not in matches]
    Topic.objects.filter(pk__in=gone).delete()
    changed: list[Topic] = []
    new: list[Topic] = []
    for position, (topic, old) in enumerate(zip(topics, matches, strict=True)):
        row = existing[old] if old is not None else Topic(episode=episode)
        values = (position, topic.seconds, topic.text)
        if (row.position, row.seconds, row.text) == values and row.pk:
            continue
        row.position, row.seconds, row.text = values
        render_topic(row)
        (changed if row.pk else new).append(row)
    Topic.objects.bulk_update(changed, ["position", "seconds", "text", "html", "plain"])
    Topic.objects.bulk_create(new)


def write_guests(episode: Episode, guests: tuple[GuestDraft, ...]) -> None:
    known = Guest.objects.by_name(guest.name for guest in guests)
    wanted: JoinValues = {}
    for each in guests:
        guest = known.get(each.name) or _new(Guest, each.name)
        wanted[guest.pk] = {"title": each.title}
    _sync(Appearance.objects.filter(episode=episode), episode, "guest_id", wanted)


def write_technologies(episode: Episode, names: tuple[str, ...]) -> None:
    known = Technology.objects.by_name(names)
    wanted: JoinValues = {(known.get(name) or _new_technology(name)).pk: {} for name in names}
    _sync(Use.objects.filter(episode=episode), episode, "technology_id", wanted)


def write_libraries(episode: Episode, links: tuple[LinkDraft, ...]) -> None:
    keys = [url_key(link.url) for link in links]
    addresses = LibraryAddress.objects.filter(key__in=keys).select_related("library")
    known = {address.key: address.library for address in addresses}
    wanted: JoinValues = {}
    for link, key in zip(links, keys, strict=True):
        if key not in known:
            known[key] = _new(Library, name_from_url(link.url)[:100], url=link.url)
        wanted.setdefault(known[key].pk, asdict(link))
    _sync(LibraryUse.objects.filter(episode=episode), episode, "library_id", wanted)


def write_references(episode: Episode, links: tuple[LinkDraft, ...]) -> None:
    """Write the references. They share no catalogue row, so a URL may occur twice."""
    existing = list(Reference.objects.filter(episode=episode))
    for position, (row, link) in enumerate(zip(existing, links, strict=False)):
        stated = (position, link.url, link.label, link.note)
        if (row.position, row.url, row.label, row.note) != stated:
            Reference.objects.filter(pk=row.pk).update(position=position, **asdict(link))
    Reference.objects.filter(pk__in=[row.pk for row in existing[len(links) :]]).delete()
    Reference.objects.bulk_create(
        Reference(episode=episode, position=position, **asdict(link))
        for position, link in enumerate(links[len(existing) :], len(existing))
    )


def _sync(rows: models.QuerySet[Any], episode: Episode, key: str, wanted: JoinValues) -> None:
    """Sync an episode's ordered join rows with `wanted`."""
    existing = {getattr(row, key): row for row in rows}
    if existing.keys() - wanted.keys():
        rows.exclude(**{f"{key}__in": wanted}).delete()
    new = []
    for position, (value, values) in enumerate(wanted.items()):
        stated = {"position": position, **values}
        row = existing.get(value)
        if row is None:
            new.append(rows.model(episode=episode, **{key: value}, **stated))
        elif any(getattr(row, name) != stated[name] for name in stated):
            rows.filter(pk=row.pk).update(**stated)
    rows.model.objects.bulk_create(new)


def _new(model: type[Any], name: str, **values: str) -> Any:
    """A new row of the catalogue."""
    return model.objects.create(name=name, slug=free_slug(name, model.objects), **values)


def _new_technology(name: str) -> Technology:
    """A new technology, with what the directory says about it.

    An earlier one of the same notes may have brought this name from the directory.
    """
    if existing := Technology.objects.named(name):
        return existing
    technology = Technology(name=name, slug=free_slug(name, Technology.objects))
    fill_from_directory(technology)
    return technology


def free_episode_slug(kind: str, number: int | None, title: str) -> str:
    """A slug in the show's own style: `37-a-real-estate-system`."""
    name = title if number is None else f"{number} {title}"
    return free_slug(name, Episode.objects.filter(kind=kind))


def free_slug(name: str, rows: models.Manager[Any] | models.QuerySet[Any]) -> str:
    """A slug for a new row: from its name, with a number behind it where that is taken."""
    slug = slug_for(name)
    taken = set(rows.filter(slug__startswith=slug).values_list("slug", flat=True))
    candidates: Iterable[str] = (slug, *(f"{slug}-{n}" for n in range(2, len(taken) + 3)))
    return next(candidate for candidate in candidates if candidate not in taken)


def write_enclosure(episode: Episode, facts: EnclosureFacts) -> None:
    """Store what the source states about the audio, except size and length of our own files."""
    audio = Enclosure.objects.filter(episode=episode).first() or Enclosure(episode=episode)
    if not audio.file and audio.url in ("", audio.imported_url):
        audio.url = facts.url
    audio.imported_url = facts.url
    audio.name = audio.name or enclosure_name(episode, facts.url)
    for name in ("bytes", "seconds", "type"):
        stated = getattr(facts, name)
        if stated is not None and not audio.file:
            setattr(audio, name, stated)
    audio.save()
    episode.enclosure = audio


def enclosure_name(episode: Episode, url: str) -> str:
    """For new audio: an address's last part; with the episode's slug before it where it's taken."""
    name = unquote(url.split("?")[0]).rsplit("/", 1)[-1]
    name = "".join(char for char in name if char.isascii() and (char.isalnum() or char in "-_."))
    name = name.lstrip("-_.")[:100] or "audio.mp3"
    candidates = (name, f"{episode.slug[:45]}-{name}", f"{episode.pk}-{name}")
    taken = set(Enclosure.objects.filter(name__in=candidates).values_list("name", flat=True))
    return next(candidate for candidate in candidates if candidate not in taken)


def write_sponsor(episode: Episode, facts: SponsorFacts) -> None:
    values = asdict(facts)
    episode.sponsor, _ = Sponsor.objects.update_or_create(episode=episode, defaults=values)
