"""Addresses for podcast apps: feeds (always XML), chapters, audio."""

from django.urls import path

from feeds.enclosures import audio
from feeds.views import (
    chapters,
    feed,
    guest_feed,
    interviews_feed,
    question_feed,
    technology_feed,
)

urlpatterns = [
    path("podcast/feed.xml", feed, name="feed"),
    path("podcast/<slug:slug>/chapters.json", chapters, name="chapters"),
    path("interviews/feed.xml", interviews_feed, name="interviews_feed"),
    path("stack/<slug:slug>/feed.xml", technology_feed, name="technology_feed"),
    path("guests/<slug:slug>/feed.xml", guest_feed, name="guest_feed"),
    path("questions/<slug:slug>/feed.xml", question_feed, name="question_feed"),
    path("audio/<str:name>", audio, name="audio"),
    path("assets/podcast/<str:name>", audio, name="assets_audio"),
]
