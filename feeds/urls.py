"""Addresses for podcast apps: feeds (always XML), chapters, transcripts, audio."""

from django.urls import path, re_path

from episodes.rules.paths import ROUTES
from feeds.enclosures import audio
from feeds.http import unknown_feed
from feeds.views.episode import chapters, transcript_json, transcript_vtt
from feeds.views.partial import guest_feed, question_feed, search_feed, technology_feed
from feeds.views.show import feed, interviews_feed

urlpatterns = [
    path("podcast/feed.xml", feed, name="feed"),
    path(ROUTES["chapters"], chapters, name="chapters"),
    path(ROUTES["transcript_vtt"], transcript_vtt, name="transcript_vtt"),
    path(ROUTES["transcript_json"], transcript_json, name="transcript_json"),
    path("interviews/feed.xml", interviews_feed, name="interviews_feed"),
    path("stack/<slug:slug>/feed.xml", technology_feed, name="technology_feed"),
    path("guests/<slug:slug>/feed.xml", guest_feed, name="guest_feed"),
    path("questions/<slug:slug>/feed.xml", question_feed, name="question_feed"),
    path("search/feed.xml", search_feed, name="search_feed"),
    re_path(r"^(?:[\s\S]*/)?feed\.xml$", unknown_feed, name="unknown_feed"),
    path("audio/<str:name>", audio, name="audio"),
    path("assets/podcast/<str:name>", audio, name="assets_audio"),
]
