"""Previews for guests, below /preview/: the only addresses of the desk that need no sign-in."""

from django.urls import path

from desk.publishing.previews import preview

urlpatterns = [
    path("<str:token>", preview, name="preview"),
    path("<str:token>/audio", preview, {"part": "audio"}, name="preview_audio"),
    path("<str:token>/chapters.json", preview, {"part": "chapters.json"}, name="preview_chapters"),
]
