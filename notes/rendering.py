"""Renders the HTML stored beside Markdown, so that reading a page renders none."""

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction

from episodes.models import Episode
from guests.models import Guest
from search.index import refresh
from search.models import Question
from show.models import Page, Promotion, Show
from stack.models import Technology
from text.markup import RENDERER, render_block, render_inline, words_of
from topics.models import Topic

RENDERED: tuple[type[models.Model], ...] = (
    Technology, Guest, Question, Show, Promotion, Page, Episode,
)  # fmt: skip


def render_episode(episode: Episode, topics: Iterable[Topic]) -> list[str]:
    """Render the texts of an episode; saves sponsor and topics, and returns its own columns."""
    stored = (episode.introduction_html, episode.notice_html, episode.renderer)
    fresh = (render_block(episode.introduction), render_block(episode.notice), RENDERER)
    episode.introduction_html, episode.notice_html, episode.renderer = fresh
    if hasattr(episode, "sponsor"):
        episode.sponsor.text_html = render_block(episode.sponsor.text)
        episode.sponsor.save(update_fields=["text_html"])
    stale = [topic for topic in topics if render_topic(topic)]
    Topic.objects.bulk_update(stale, ["html", "plain"])
    return ["introduction_html", "notice_html", "renderer"] if fresh != stored else []


def render_topic(topic: Topic) -> bool:
    """Fill the topic's derived columns, unsaved; True when they changed."""
    html = render_inline(topic.text)
    rendered = (html, words_of(html))
    if (topic.html, topic.plain) == rendered:
        return False
    topic.html, topic.plain = rendered
    return True


def rerender_stale() -> int:
    """Render the rows of an older renderer. Returns how many there were."""
    count = 0
    for model in RENDERED:
        rows = model._base_manager.all()
        stale = list(rows.exclude(renderer=RENDERER).values_list("pk", flat=True))
        for pk in stale:
            # One transaction per row, which holds no lock for long and loses nobody's edit.
            with transaction.atomic():
                rerender(rows.select_for_update(of=("self",)).get(pk=pk))
        count += len(stale)
    return count


def rerender(row: Any) -> None:
    """Render one row's HTML and save only those columns. Refreshes search for an episode."""
    if isinstance(row, Episode):
        row.save(update_fields=render_episode(row, row.topics.all()))
        refresh([row.pk])
        return
    names = [field.name for field in row._meta.fields if field.name.endswith("_html")]
    row.save(update_fields=[*names, "renderer"])
