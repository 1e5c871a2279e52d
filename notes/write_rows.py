"""Writes a draft and its facts to rows. Unchanged items retain their rows."""

from dataclasses import asdict
from typing import Any
from urllib.parse import unquote

from episodes.models import Appearance, Enclosure, Episode, LibraryUse, Reference, Sponsor, Use
from notes.grammar.draft import EnclosureFacts, GuestDraft, LinkDraft, SponsorFacts, TopicDraft
from notes.known import Known
from notes.matching import match_topics
from notes.new_rows import free_slug, new_guests, new_libraries, new_technologies
from notes.rendering import render_topic
from text.urls import url_key
from topics.models import Topic

# Values of an episode's join rows, by the key of what they join, in order.
JoinValues = dict[int, dict[str, Any]]


def write_topics(
    episode: Episode, topics: tuple[TopicDraft, ...], existing: list[Topic], known: Known
) -> None:
    matches = match_topics([TopicDraft(row.seconds, row.text) for row in existing], topics)
    gone = [row.pk for index, row in enumerate(existing) if index not in matches]
    if gone:
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


def write_guests(
    episode: Episode, guests: tuple[GuestDraft, ...], existing: list[Appearance], known: Known
) -> None:
    rows = {guest.name: guest for guest in known.guests.values()}
    rows |= new_guests([guest.name for guest in guests if guest.name not in rows])
    wanted: JoinValues = {rows[each.name].pk: {"title": each.title} for each in guests}
    _sync(Appearance, episode, "guest_id", existing, wanted)


def write_technologies(
    episode: Episode, names: tuple[str, ...], existing: list[Use], known: Known
) -> None:
    rows = {technology.name: technology for technology in known.technologies.values()}
    rows |= new_technologies([name for name in names if name not in rows])
    wanted: JoinValues = {rows[name].pk: {} for name in names}
    _sync(Use, episode, "technology_id", existing, wanted)


def write_libraries(
    episode: Episode, links: tuple[LinkDraft, ...], existing: list[LibraryUse], known: Known
) -> None:
    by_key = {url_key(link.url): link for link in links}
    new = {key: link.url for key, link in by_key.items() if key not in known.libraries}
    rows = known.libraries | new_libraries(new, known.libraries.values())
    wanted: JoinValues = {rows[key].pk: asdict(link) for key, link in by_key.items()}
    _sync(LibraryUse, episode, "library_id", existing, wanted)


def write_references(
    episode: Episode, links: tuple[LinkDraft, ...], existing: list[Reference], known: Known
) -> None:
    """Write the references. They share no catalogue row, so a URL may occur twice."""
    for position, (row, link) in enumerate(zip(existing, links, strict=False)):
        stated = (position, link.url, link.label, link.note)
        if (row.position, row.url, row.label, row.note) != stated:
            Reference.objects.filter(pk=row.pk).update(position=position, **asdict(link))
    if gone := [row.pk for row in existing[len(links) :]]:
        Reference.objects.filter(pk__in=gone).delete()
    Reference.objects.bulk_create(
        Reference(episode=episode, position=position, **asdict(link))
        for position, link in enumerate(links[len(existing) :], len(existing))
    )


def _sync(
    model: type[Any], episode: Episode, key: str, existing: list[Any], wanted: JoinValues
) -> None:
    """Sync an episode's ordered join rows with `wanted`."""
    rows = {getattr(row, key): row for row in existing}
    if rows.keys() - wanted.keys():
        model.objects.filter(episode=episode).exclude(**{f"{key}__in": wanted}).delete()
    new = []
    for position, (value, values) in enumerate(wanted.items()):
        stated = {"position": position, **values}
        row = rows.get(value)
        if row is None:
            new.append(model(episode=episode, **{key: value}, **stated))
        elif any(getattr(row, name) != stated[name] for name in stated):
            model.objects.filter(pk=row.pk).update(**stated)
    model.objects.bulk_create(new)


def free_episode_slug(kind: str, number: int | None, title: str) -> str:
    """A slug in the show's own style: `37-a-real-estate-system`."""
    name = title if number is None else f"{number} {title}"
    return free_slug(name, Episode.objects.filter(kind=kind))


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
