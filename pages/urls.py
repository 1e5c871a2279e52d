"""URL patterns of the listeners' pages. Indexes end with a slash, leaves don't."""

from django.urls import path, re_path, register_converter

from episodes.addresses import ROUTES
from pages.moments import TimecodeConverter
from pages.redirects import fallback
from pages.views import (
    cards,
    colophon,
    embed,
    entity_moments,
    episode,
    episodes,
    flat_pages,
    follow,
    guests,
    home,
    my_moments,
    questions,
    robots,
    search,
    stack,
    stack_match,
    style,
    transcript,
    well_known,
)

register_converter(TimecodeConverter, "timecode")

urlpatterns = [
    path("", home.home, name="home"),
    path("podcast/", episodes.episodes, name="episodes"),
    path("<int:number>", fallback, name="numbered"),
    path("<int:number>/<timecode:seconds>", fallback, name="numbered_moment"),
    path("podcast/<int:number>", fallback, name="numbered"),
    path("podcast/<int:number>/<timecode:seconds>", fallback, name="numbered_moment"),
    path(ROUTES["episode"], episode.episode, name="episode"),
    path(ROUTES["episode_markdown"], episode.markdown, name="episode_markdown"),
    path(ROUTES["transcript"], transcript.transcript, name="transcript"),
    path(ROUTES["embed"], embed.embed, name="embed"),
    path("oembed", embed.oembed, name="oembed"),
    path("interviews/", episodes.interviews, name="interviews"),
    path(ROUTES["interview"], episode.interview, name="interview"),
    path(ROUTES["interview_markdown"], episode.interview_markdown, name="interview_markdown"),
    path("stack/", stack.stack, name="stack"),
    path("stack/mine", stack_match.stack_match, name="stack_match"),
    path("stack/<slug:slug>", stack.technology, name="technology"),
    path("stack/<slug:slug>/moments", entity_moments.technology_moments, name="technology_moments"),
    path("libraries/", stack.libraries, name="libraries"),
    path("libraries/<slug:slug>", stack.library, name="library"),
    path("libraries/<slug:slug>/moments", entity_moments.library_moments, name="library_moments"),
    path("guests/", guests.guests, name="guests"),
    path("guests/<slug:slug>", guests.guest, name="guest"),
    path("guests/<slug:slug>/moments", entity_moments.guest_moments, name="guest_moments"),
    path("questions/", questions.questions, name="questions"),
    path("questions/<slug:slug>", questions.question, name="question"),
    path("search", search.search, name="search"),
    path("search.json", search.search_json, name="search_json"),
    path("search/suggest", search.suggestions, name="suggest"),
    path("search/suggest.json", search.suggestions_json, name="suggest_json"),
    path("opensearch.xml", search.opensearch, name="opensearch"),
    path("follow", follow.follow, name="follow"),
    path("moments", my_moments.my_moments, name="my_moments"),
    path("colophon", colophon.colophon, name="colophon"),
    path("colophon/style", style.style, name="style"),
    path("cards/<slug:key>.png", cards.card, name="card"),
    path("favicon.ico", well_known.favicon, name="favicon"),
    path("robots.txt", robots.robots, name="robots"),
    path(".well-known/security.txt", well_known.security_txt, name="security_txt"),
    path(".well-known/change-password", well_known.change_password, name="change_password"),
    path("sitemap.xml", robots.sitemap_index, name="sitemap"),
    path("sitemap-<slug:section>.xml", robots.sitemap_section, name="sitemap_section"),
    path("<slug:slug>", flat_pages.flat_page, name="page"),
    # Last: other spellings, moved addresses, 410 and 404.
    re_path("", fallback, name="fallback"),
]
