"""Addresses of the listeners' pages. Indexes end with a slash, leaves don't."""

from django.urls import path, re_path, register_converter

from pages import redirects
from pages.converters import TimecodeConverter
from pages.views import (
    cards,
    colophon,
    embed,
    episode,
    episodes,
    follow,
    guests,
    home,
    markdown,
    questions,
    robots,
    search,
    stack,
    stack_match,
    transcript,
)

register_converter(TimecodeConverter, "timecode")

urlpatterns = [
    path("", home.home, name="home"),
    path("podcast/", episodes.episodes, name="episodes"),
    path("<int:number>", redirects.moved, name="numbered"),
    path("<int:number>/<timecode:seconds>", redirects.moved, name="numbered_moment"),
    path("podcast/<int:number>", redirects.moved, name="numbered"),
    path("podcast/<int:number>/<timecode:seconds>", redirects.moved, name="numbered_moment"),
    path("podcast/<slug:slug>", episode.episode, name="episode"),
    path("podcast/<slug:slug>.md", markdown.episode, name="episode_markdown"),
    path("podcast/<slug:slug>/transcript", transcript.transcript, name="transcript"),
    path("podcast/<slug:slug>/embed", embed.embed, name="embed"),
    path("oembed", embed.oembed, name="oembed"),
    path("interviews/", episodes.interviews, name="interviews"),
    path("interviews/<slug:slug>", episode.interview, name="interview"),
    path("interviews/<slug:slug>.md", markdown.interview, name="interview_markdown"),
    path("stack/", stack.stack, name="stack"),
    path("stack/mine", stack_match.mine, name="stack_mine"),
    path("stack/<slug:slug>", stack.technology, name="technology"),
    path("libraries/", stack.libraries, name="libraries"),
    path("libraries/<slug:slug>", stack.library, name="library"),
    path("guests/", guests.guests, name="guests"),
    path("guests/<slug:slug>", guests.guest, name="guest"),
    path("questions/", questions.questions, name="questions"),
    path("questions/<slug:slug>", questions.answered, name="question"),
    path("search", search.search, name="search"),
    path("search.json", search.search_json, name="search_json"),
    path("search/suggest", search.suggestions, name="suggest"),
    path("search/suggest.json", search.suggestions_json, name="suggest_json"),
    path("opensearch.xml", search.opensearch, name="opensearch"),
    path("follow", follow.follow, name="follow"),
    path("colophon", colophon.colophon, name="colophon"),
    path("cards/<slug:key>.png", cards.card, name="card"),
    path("robots.txt", robots.robots, name="robots"),
    path("sitemap.xml", robots.sitemap_index, name="sitemap"),
    path("sitemap-<slug:section>.xml", robots.sitemap_section, name="sitemap_section"),
    path("<slug:slug>", follow.page, name="page"),
    # Last: other spellings, moved addresses, 410 and 404.
    re_path("", redirects.moved, name="moved"),
]
