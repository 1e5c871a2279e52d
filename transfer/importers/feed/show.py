"""A feed's channel into the show's row: what the host hasn't said yet, and the show's identity."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from guests.models import Guest
from notes.grammar.lines import one_line
from notes.write_rows import free_slug
from show.models import CallToAction, Show
from text.languages import is_language
from text.markup import plain_block
from text.names import normalise_name
from text.problems import warning
from text.urls import is_web_url
from transfer.importers.column_limits import fitting
from transfer.importers.feed.channel import Channel, guid_of
from transfer.importers.feed.html_to_markdown import to_markdown
from transfer.importers.follow import close_dead_services
from transfer.importers.report import Report

SUPPORT = "Support the show"


def import_channel(channel: Channel, feed: str, report: Report) -> None:
    """Fill the show's row and say what happened; what the host has set stays."""
    with transaction.atomic():
        show = Show.objects.select_for_update().first() or Show()
        new = show._state.adding
        changed, replaced = _fill(show, channel, new, feed, report)
        if changed or new:
            show.save()
        added = _add_funding(channel, feed, report)
        closed = close_dead_services(report)
        transaction.set_rollback(report.dry_run)
    outcome = "new" if new else "changed" if changed or added or closed else "unchanged"
    report.outcome("The show", outcome, replaced)


def _fill(
    show: Show, channel: Channel, new: bool, feed: str, report: Report
) -> tuple[bool, list[str]]:
    """Whether anything changed, and what the feed's own identity replaced."""
    before = {field.attname: getattr(show, field.attname) for field in show._meta.fields}
    default_title = Show._meta.get_field("title").default
    for name, value in _stated(channel, feed, report).items():
        if name == "artwork_url" and show.artwork:
            continue
        if not getattr(show, name) or (name == "title" and show.title == default_title):
            setattr(show, name, value)
    if new:
        # A row nobody has saved yet says nothing of the host's: the feed decides.
        show.language = channel.language if is_language(channel.language) else show.language
        show.explicit = bool(channel.explicit)
        show.type = Show.Type.SERIAL if channel.serial else Show.Type.EPISODIC
    if not show.categories:
        show.categories = [list(path) for path in channel.categories]
    show.host = show.host or _host(channel)
    replaced = _take_guid(show, channel, new)
    after = {field.attname: getattr(show, field.attname) for field in show._meta.fields}
    return before != after, replaced


def _take_guid(show: Show, channel: Channel, new: bool) -> list[str]:
    """By its `podcast:guid` apps know the show again: the feed's own always counts."""
    guid = channel.guid or (guid_of(channel.address) if new and channel.address else None)
    if guid is None or guid == show.podcast_guid:
        return []
    old, show.podcast_guid = show.podcast_guid, guid
    return [] if new else [f"podcast_guid: “{old}” → “{guid}”"]


def _stated(channel: Channel, feed: str, report: Report) -> dict[str, str]:
    stated = {
        "title": channel.title,
        "description": plain_block(to_markdown(channel.description)),
        "website": _web_url("link", channel.link, feed, report),
        "author": channel.author,
        "owner_name": channel.owner_name,
        "owner_email": _email(channel.owner_email, feed, report),
        "copyright": channel.copyright,
        "keywords": channel.keywords,
        "artwork_url": _web_url("image", channel.image, feed, report),
    }
    if not is_language(channel.language) and channel.language:
        report.problem(
            warning(
                "No language's code; left out.", field="language", value=channel.language, file=feed
            )
        )
    fits, problems = fitting(Show, {name: value for name, value in stated.items() if value})
    for problem in problems:
        report.problem(problem.at(feed))
    return fits


def _web_url(field: str, value: str, feed: str, report: Report) -> str:
    if value and not is_web_url(value):
        report.problem(warning("No web address; left out.", field=field, value=value, file=feed))
        return ""
    return value


def _email(value: str, feed: str, report: Report) -> str:
    try:
        validate_email(value)
    except ValidationError:
        if value:
            report.problem(
                warning("No e-mail address; left out.", field="owner_email", value=value, file=feed)
            )
        return ""
    return value


def _host(channel: Channel) -> Guest | None:
    """The first host the channel names; nobody where that can't be told."""
    for person in channel.people:
        name = one_line(person.name)
        if person.role != "host" or not normalise_name(name) or len(name) > 120:
            continue
        if known := Guest.objects.by_name([name]).get(name):
            return known
        website = person.href if is_web_url(person.href) and len(person.href) <= 500 else ""
        return Guest.objects.create(name=name, slug=free_slug(name, Guest.objects), website=website)
    return None


def _add_funding(channel: Channel, feed: str, report: Report) -> bool:
    """The first address for support, where the host has none."""
    purpose = CallToAction.Purpose.SUPPORT
    for url, words in channel.funding:
        values: dict[str, Any] = {"url": url, "label": words or SUPPORT}
        if not is_web_url(url) or CallToAction.objects.filter(purpose=purpose).exists():
            continue
        if fitting(CallToAction, values)[1]:
            values["label"] = SUPPORT
        if not fitting(CallToAction, values)[1]:
            CallToAction.objects.create(purpose=purpose, **values)
            return True
    return False
