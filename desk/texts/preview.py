"""A template as an episode fills it in, while the host writes it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.http import HttpRequest

from accounts.roles import sees_episodes
from desk.model_admin import is_key
from desk.models import TextTemplate
from desk.placeholders import unknown_placeholders
from desk.texts.prepare import PreparedText, prepare
from desk.texts.quote import proposed_quote
from desk.texts.values import Material
from episodes.fetch import fetch_episode
from episodes.models import NOT_DELETED, Episode
from show.models import Show

MOST = 30  # episodes to choose from


@dataclass(frozen=True, slots=True)
class TemplatePreview:
    """`prepared` is None before there is an episode. `problems`: the unknown placeholders."""

    template: TextTemplate
    episodes: list[Any]
    episode: Episode | None
    prepared: PreparedText | None
    problems: list[str]


def preview_of(request: HttpRequest, template: TextTemplate) -> TemplatePreview:
    """For the episode that the request names, else for the newest that is published."""
    asked = request.POST.get("_episode") or request.GET.get("episode", "")
    episodes = _episodes(request, asked)
    chosen = next((row for row in episodes if str(row.pk) == asked), None)
    published = (row for row in episodes if row.is_published)
    chosen = chosen or next(published, None) or next(iter(episodes), None)
    episode = fetch_episode(NOT_DELETED, id=chosen.pk) if chosen else None
    prepared = None
    if episode:
        show = Show.objects.current()
        material = Material(episode, show, proposed_quote(episode, show))
        prepared = prepare(template, material)
    problems = unknown_placeholders(template.text)
    return TemplatePreview(template, episodes, episode, prepared, problems)


def _episodes(request: HttpRequest, asked: str) -> list[Any]:
    """The newest, drafts first, and the one asked for; only public ones for others than editors."""
    rows = Episode.objects.all() if sees_episodes(request.user) else Episode.objects.published()
    newest = list(rows.order_by(F("published_at").desc(nulls_first=True), "-pk")[:MOST])
    if is_key(asked) and int(asked) not in {row.pk for row in newest}:
        newest += rows.filter(pk=int(asked))
    return newest
