"""Mentions: links from one episode's notes to another."""

from urllib.parse import urlsplit

from django.conf import settings

from episodes.models import Episode, Mention
from notes.grammar.draft import Draft
from show.models import Show
from text.markup import links_in
from text.urls import bare_host

SECTIONS = ("/podcast/", "/interviews/")


def update_mentions(episode: Episode, draft: Draft) -> None:
    """Sync the rows of episodes that the notes link to, and resolve mentions of this one.

    A path to an episode that doesn't exist yet is resolved by that episode's first save.
    """
    own_path = episode.get_absolute_url()
    wanted = {path for path in _internal_paths(draft) if path != own_path}
    known = set(Mention.objects.filter(episode=episode).values_list("path", flat=True))
    if known - wanted:
        Mention.objects.filter(episode=episode).exclude(path__in=wanted).delete()
    Mention.objects.bulk_create(
        Mention(episode=episode, path=path, target=_episode_at(path))
        for path in sorted(wanted - known)
    )
    Mention.objects.filter(path=own_path, target=None).update(target=episode)


def _internal_paths(draft: Draft) -> set[str]:
    texts = [draft.introduction, *(topic.text for topic in draft.topics)]
    found = [text for text in texts if any(section in text for section in SECTIONS)]
    urls = [url for text in found for url in links_in(text)]
    urls += [link.url for link in (*draft.references, *draft.libraries)]
    paths = {url: path for url in urls if (path := _episode_path(url))}
    if not paths:
        return set()
    hosts = {bare_host(settings.SITE_URL), bare_host(Show.objects.current().website)} - {""}
    return {
        path for url, path in paths.items() if not urlsplit(url).netloc or bare_host(url) in hosts
    }


def _episode_path(url: str) -> str:
    """The path if it has the form of an episode's, on whatever site; else an empty text."""
    try:
        parts = urlsplit(url)
    except ValueError:  # an odd address in notes, such as http://[, leads nowhere of ours
        return ""
    path = parts.path.removesuffix("/").removesuffix(".html")
    return path[:300] if path.startswith(SECTIONS) and path.count("/") == 2 else ""


def _episode_at(path: str) -> Episode | None:
    _, section, slug = path.split("/")
    kind = Episode.Kind.PODCAST if section == "podcast" else Episode.Kind.INTERVIEW
    return Episode.objects.filter(kind=kind, slug=slug).first()
