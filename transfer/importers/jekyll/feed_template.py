"""Imports what a Jekyll site says in its feed about the show: `podcast/feed.xml`, with Liquid."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from django.core.files.base import ContentFile
from django.db import transaction

from notes.models import ImportSource
from show.models import Show
from transfer.importers.checkout import is_file
from transfer.importers.feed.channel import FeedChannel, read_channel
from transfer.importers.feed.show import import_channel
from transfer.importers.feed.xml_tree import BadXml, parse
from transfer.importers.jekyll.front_matter import JekyllFile, read_file
from transfer.importers.jekyll.images import Images, read_image
from transfer.importers.jekyll.liquid import Liquid
from transfer.importers.jekyll.settings import SiteConfig
from transfer.importers.report import InvalidInput, Report

# The podcast's feed before a feed of all posts.
PLACES = ("podcast/feed.xml", "podcast.xml", "feed/podcast.xml", "feed.xml", "rss.xml")
LOOP = re.compile(r"\{%-?\s*for\s.*\{%-?\s*endfor\s*-?%\}", re.DOTALL)  # the items
CONDITION = re.compile(r"\{%-?\s*(?:if|elsif|else|endif|unless|endunless|assign|comment)\b[^%]*%\}")
FILTERED = re.compile(r"\{\{-?\s*([\w.-]+)\s*(?:\|[^{}]*)?-?\}\}")


def import_feed_template(root: Path, config: SiteConfig, images: Images, report: Report) -> None:
    """Fill what the show's row lacks from the checkout's feed, if it has one for podcast apps."""
    path = _find(root)
    if path is None:
        return
    report = report.within(path.relative_to(root).as_posix())
    try:
        channel, artwork = _read(read_file(path, report.file), config, images)
    except InvalidInput as invalid:
        report.problem(invalid.problem)
        return
    except BadXml as wrong:
        report.warn(f"{wrong} What it says about the show is left out.", wrong.line)
        return
    import_channel(channel, report, ImportSource.JEKYLL)
    if artwork:
        _store_artwork(artwork, report)
    elif channel.image and not artwork:
        message = "The artwork isn't in the checkout: only its address is taken."
        report.warn(message, field="artwork", value=channel.image)


def _find(root: Path) -> Path | None:
    files = (root / place for place in PLACES)
    return next((f for f in files if is_file(f, root) and b"<itunes:" in f.read_bytes()), None)


def _read(file: JekyllFile, config: SiteConfig, images: Images) -> tuple[FeedChannel, Path | None]:
    """The channel, and its artwork's file. What Jekyll computes, such as site.time, is left out."""
    address = file.text("permalink") or f"/{file.name}"
    artwork: list[Path] = []

    def asset(path: str, line: int) -> str:
        artwork.extend(filter(None, [images.find(path)]))
        return f"/assets/{escape(path.lstrip('/'))}"

    liquid = Liquid({"url": address}, _escaped(config.values), asset, asset)
    text = FILTERED.sub(r"{{ \1 }}", CONDITION.sub("", LOOP.sub("", file.body)))
    top, _ = parse(liquid.expand(text).strip())
    channel = top.first("channel")
    if channel is None:
        raise InvalidInput("No RSS feed: it has no channel.", file.body_line, field="feed")
    # Links to the whole site become ours, not only those below the list of episodes.
    read = replace(read_channel(channel, config.url + address), link=config.url)
    return read, next(iter(artwork), None)


def _escaped(value: Any) -> Any:
    """Configured values as text of XML."""
    if isinstance(value, dict):
        return {key: _escaped(item) for key, item in value.items()}
    return escape(value) if isinstance(value, str) else value


def _store_artwork(path: Path, report: Report) -> None:
    content: ContentFile | None = read_image(path)
    with transaction.atomic():
        show = Show.objects.select_for_update().get()
        if not content or show.artwork:
            return
        if report.dry_run:  # storing a file can't be rolled back
            show.artwork.name = path.name
            show.save()
        else:
            show.artwork.save(path.name, content)
