from django.contrib import admin
from django.urls import path

from desk.history import views

EPISODE = "episodes/episode/<int:pk>/history/"

urlpatterns = [
    # In place of Django's own history, to which its button leads.
    path(EPISODE, admin.site.admin_view(views.episode_history), name="history"),
    path(f"{EPISODE}<int:number>", admin.site.admin_view(views.revision), name="revision"),
]
