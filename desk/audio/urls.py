"""Pages of the desk about an episode's audio, below /admin/."""

from django.contrib import admin
from django.urls import path

from desk.audio import views

EPISODE = "episodes/episode/<int:pk>"

urlpatterns = [
    path(f"{EPISODE}/audio", admin.site.admin_view(views.audio), name="desk_audio"),
    path(f"{EPISODE}/audio/change", admin.site.admin_view(views.change), name="desk_audio_change"),
]
