"""The texts to send out for an episode, with the moment that they quote."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from desk.models import TextTemplate
from desk.publishing.page import fetch_episode_or_404, render_tab
from desk.shortcuts import may_view_episodes
from desk.texts.prepare import prepare
from desk.texts.quote import Quote, chosen_quote, proposed_quote, quotable_topics
from desk.texts.said import said_at
from desk.texts.values import Material
from desk.workspace.returning import returning
from episodes.models import Episode
from pages.topic_cards import topic_image
from show.models import Show

CHOICE = ("t", "words", "by")  # the parameters


@may_view_episodes
def texts(request: HttpRequest, pk: int) -> HttpResponse:
    """Every text template, filled in for this episode; `?t=` chooses the moment it quotes, and
    `words=` and `by=` in whose words.
    """
    episode, show = fetch_episode_or_404(pk), Show.objects.current()
    episode.topic_starts = sorted({topic.seconds for topic in episode.topics.all()})
    choice = {name: request.GET[name] for name in CHOICE if request.GET.get(name)}
    quote = _chosen_quote(episode, choice) or proposed_quote(episode, show)
    material = Material(episode, show, quote)
    return render_tab(
        request,
        "texts/page.html",
        "texts",
        episode,
        "Texts to send out",
        quote=quote,
        quote_path=quote and f"{episode.get_absolute_url()}?t={quote.moment.parameter}",
        clip_path=quote and f"{episode.get_absolute_url()}?t={quote.clip}",
        picture=quote and topic_image(show, episode, quote.moment),
        is_unknown_time="t" in choice and (quote is None or bool(quote.reason)),
        topics=quotable_topics(episode),
        said=said_at(episode, quote.moment) if quote else [],
        texts=[
            (row, prepare(row, material), _template_address(row, episode, choice))
            for row in TextTemplate.objects.all()
        ],
    )


def _chosen_quote(episode: Episode, choice: dict[str, str]) -> Quote | None:
    time, words, speaker = (choice.get(name, "") for name in CHOICE)
    return chosen_quote(episode, time, words, speaker)


def _template_address(row: TextTemplate, episode: Episode, choice: dict[str, str]) -> str:
    """The template's form, which previews this episode, and returns here when it is saved."""
    query = f"?{urlencode(choice)}" if choice else ""
    here = f"{reverse('desk_texts', args=[episode.pk])}{query}#text-{row.pk}-name"
    form = reverse("admin:desk_texttemplate_change", args=[row.pk])
    return returning(f"{form}?{urlencode({'episode': episode.pk})}", here)
