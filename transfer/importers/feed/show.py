"""Imports a feed's channel: what the show's row lacks, and the show's identity."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from feeds.apple_categories import apple_category
from feeds.podcast_guid import guid_of
from guests.models import Guest
from notes.grammar.lines import one_line
from notes.models import ImportBase, ImportSource
from notes.new_rows import free_slug
from show.models import CallToAction, FollowLink, Show
from show.podcast_tags import parse_tags
from text.dates import check_rrule
from text.markup import plain_block
from text.names import is_language, normalise_name
from text.urls import is_web_url
from transfer.importers.columns import fitting, fitting_or_warn, longest, web_url_or_warn
from transfer.importers.feed.boilerplate import Boilerplate
from transfer.importers.feed.channel import FeedChannel
from transfer.importers.feed.show_flags import fill_flags
from transfer.importers.feed.values import letters
from transfer.importers.follow_links import close_dead_services
from transfer.importers.html_to_markdown import to_markdown
from transfer.importers.report import Report, outcome_of
from transfer.importers.rows import merge_show

SUPPORT = "Support the show"
CHANNEL = "channel"  # the key of what feeds say about the show


def import_channel(channel: FeedChannel, report: Report, source: str = ImportSource.FEED) -> Show:
    """Merge what the channel says into the show's row, report the outcome, and return the row.

    The first time, it only fills what is empty here. In a dry run, the row is as it would be.
    """
    report.problems(channel.problems)
    with transaction.atomic():
        show = Show.objects.select_for_update().first() or Show()
        new = show._state.adding
        if new:
            show.save()
        added = _add_funding(channel, report)
        is_first = not ImportBase.objects.filter(source=source).exists()
        merged = _merge(show, channel, source, report)
        changed, replaced = _fill(show, channel, new, is_first, report)
        if changed:
            show.save()
        closed = close_dead_services(FollowLink.objects.filter(closed=False), report)
        transaction.set_rollback(report.rolls_back_each)
    report.outcome("The show", outcome_of(new, merged or changed or added or closed), replaced)
    return show


def _merge(show: Show, channel: FeedChannel, source: str, report: Report) -> bool:
    """Merge the columns that hold what the channel says; True if any changed."""
    stated = _stated(channel, report)
    if show.artwork:
        stated.pop("artwork_url", None)
    return merge_show(show, source, CHANNEL, stated, report)


def _fill(
    show: Show, channel: FeedChannel, is_new: bool, is_first: bool, report: Report
) -> tuple[bool, list[str]]:
    """Whether anything else changed, and what the feed's GUID replaced."""
    before = _columns(show)
    fill_flags(show, channel, is_new, is_first, report)
    _fill_further_tags(show, channel, report)
    if show.host is None and (host := _host(channel)):
        show.host = host
        report.note(f"Host from the feed: {host}")
    replaced = _set_guid(show, channel, report)
    return before != _columns(show), replaced


def _columns(show: Show) -> dict[str, Any]:
    return {field.attname: getattr(show, field.attname) for field in show._meta.fields}


def _categories(channel: FeedChannel, report: Report) -> list[list[str]]:
    """The channel's categories as Apple spells them, the subcategories first."""
    found: list[list[str]] = []
    for path in channel.categories:
        name, category = " > ".join(path), apple_category(path)
        if category is None:
            report.warn("Apple has no such category; left out.", field="category", value=name)
            continue
        if category != list(path):
            now = " > ".join(category)
            report.warn(f"Apple calls it “{now}” now.", field="category", value=name)
        if category not in found:
            found.append(category)
    return [path for path in found if not any(path == other[:1] != other for other in found)]


def _set_guid(show: Show, channel: FeedChannel, report: Report) -> list[str]:
    """Apps identify a show by its `podcast:guid`, so the feed's own always wins."""
    lacks_one = show.podcast_guid is None and channel.address
    guid = channel.guid or (guid_of(channel.address) if lacks_one else None)
    if guid is None or guid == show.podcast_guid:
        return []
    old, show.podcast_guid = show.podcast_guid, guid
    report.note(f"podcast:guid: {guid}")
    return [f"podcast_guid: “{old}” → “{guid}”"] if old else []


def _stated(channel: FeedChannel, report: Report) -> dict[str, Any]:
    boilerplate = Boilerplate()
    description = plain_block(boilerplate.without(to_markdown(channel.description)))
    if named := boilerplate.named:
        report.note(f"Lines of hosting companies in the show’s description, left out: {named}")
    stated = {
        "title": channel.title,
        "tagline": _tagline(channel),
        "description": description,
        "website": web_url_or_warn(channel.link, "link", report),
        "author": channel.author,
        "owner_name": channel.owner_name,
        "owner_email": _email(channel.owner_email, report),
        "copyright": channel.copyright,
        "keywords": channel.keywords,
        "artwork_url": web_url_or_warn(channel.image, "image", report),
        "hub": web_url_or_warn(channel.hub, "hub", report),
        "update_frequency": channel.update_frequency,
        "update_rule": _rule(channel.update_rule, report),
    }
    if channel.medium not in ("", "podcast"):
        report.warn("Our feed says podcast; left out.", field="medium", value=channel.medium)
    language = channel.language
    if language and not is_language(language):
        report.warn("No language's code; left out.", field="language", value=language)
    texts = {name: value for name, value in stated.items() if value}
    categories = _categories(channel, report)
    return fitting_or_warn(Show, texts, report) | ({"categories": categories} if categories else {})


def _tagline(channel: FeedChannel) -> str:
    """The subtitle, unless it only repeats the title, or the description and is too long or cut."""
    said, subtitle = letters(channel.subtitle), channel.subtitle
    unfit = subtitle.endswith(("…", "...")) or len(subtitle) > longest(Show, "tagline")
    repeats = said == letters(channel.title) or (unfit and said in letters(channel.description))
    return "" if repeats else subtitle


def _rule(value: str, report: Report) -> str:
    try:
        check_rrule(value)
    except ValueError as wrong:
        if value:
            report.warn(f"{wrong}; left out.", field="rrule", value=value)
        return ""
    return value


def _fill_further_tags(show: Show, channel: FeedChannel, report: Report) -> None:
    """Fill the further tags with all but the address for support, which is a row of its own."""
    support = CallToAction.objects.filter(purpose=CallToAction.Purpose.SUPPORT).first()
    url = support.url if support else ""
    tags = [tag for tag in channel.further_tags if parse_tags(tag)[0].attributes.get("url") != url]
    stated = fitting_or_warn(Show, {"further_tags": "\n".join(tags)}, report)
    if tags and stated and not show.further_tags:
        show.further_tags = stated["further_tags"]
        names = ", ".join(dict.fromkeys(f"podcast:{parse_tags(tag)[0].name}" for tag in tags))
        report.note(f"Further tags from the feed: {names}. Check them at the desk under “Show”.")


def _email(value: str, report: Report) -> str:
    try:
        validate_email(value)
    except ValidationError:
        if value:
            message = "No e-mail address; left out."
            report.warn(message, field="owner_email", value=value)
        return ""
    return value


def _host(channel: FeedChannel) -> Guest | None:
    """The first host that the channel names."""
    for person in channel.people:
        name = one_line(person.name)
        if not person.is_host or not normalise_name(name) or fitting(Guest, {"name": name})[1]:
            continue
        if existing := Guest.objects.by_name([name]).get(name):
            return existing
        fits = is_web_url(person.href) and len(person.href) <= longest(Guest, "website")
        website = person.href if fits else ""
        return Guest.objects.create(name=name, slug=free_slug(name, Guest.objects), website=website)
    return None


def _add_funding(channel: FeedChannel, report: Report) -> bool:
    """Add the first address for support, if the host has none."""
    purpose = CallToAction.Purpose.SUPPORT
    if CallToAction.objects.filter(purpose=purpose).exists():
        return False
    for url, label in channel.funding:
        if not is_web_url(url) or fitting(CallToAction, {"url": url})[1]:
            continue
        if not label or fitting(CallToAction, {"label": label})[1]:
            label = SUPPORT
        call = CallToAction.objects.create(purpose=purpose, url=url, label=label)
        report.note(f"Call to action from podcast:funding: {call}")
        return True
    return False
