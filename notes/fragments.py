"""The HTML kept beside an episode's texts, so that reading a page renders no Markdown."""

from episodes.models import Episode
from text.markup import RENDERER, render_block, render_inline, words_of
from topics.models import Topic


def render_fragments(episode: Episode) -> None:
    """Render the episode's own texts; saves the rows whose fragments changed."""
    kept = (episode.introduction_html, episode.notice_html, episode.renderer)
    fresh = (render_block(episode.introduction), render_block(episode.notice), RENDERER)
    if fresh != kept:
        episode.introduction_html, episode.notice_html, episode.renderer = fresh
        episode.save(update_fields=["introduction_html", "notice_html", "renderer"])
    if hasattr(episode, "sponsor"):
        episode.sponsor.text_html = render_block(episode.sponsor.text)
        episode.sponsor.save(update_fields=["text_html"])
    stale = [topic for topic in Topic.objects.filter(episode=episode) if render_topic(topic)]
    Topic.objects.bulk_update(stale, ["html", "plain"])


def render_topic(topic: Topic) -> bool:
    """Fill the topic's derived columns, unsaved; True when they changed."""
    html = render_inline(topic.text)
    rendered = (html, words_of(html))
    if (topic.html, topic.plain) == rendered:
        return False
    topic.html, topic.plain = rendered
    return True
