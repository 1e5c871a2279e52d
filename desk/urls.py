"""The desk's own pages; Django's admin serves those of the models."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, path, re_path
from django.views.decorators.http import require_POST
from django.views.generic import RedirectView

from accounts import passkeys
from accounts import views as accounts
from accounts.forgotten import forgotten_password
from accounts.link_page import sign_in_by_link
from desk.appearances import taking_over
from desk.appearances.views import guests, sent_by_guests
from desk.audio import views as audio
from desk.categories.views import categories
from desk.deletions import views as deletions
from desk.entities.views import merging
from desk.episodes.bin import restore_from_bin
from desk.erasing.views import erasing
from desk.history import views as history
from desk.links import views as links
from desk.listeners import views as listeners
from desk.people import views as people
from desk.publishing import preview_links, previews, publish, visibility
from desk.publishing import views as publishing
from desk.start.views import dismiss
from desk.texts.views import texts
from desk.transcripts import download, line, steps, upload
from desk.transcripts import views as transcripts
from desk.writing import views as writing
from desk.writing.pencil import pencil

EPISODE = "episodes/episode/<int:pk>"
# Bookmarks of version 1 have the models' former names.
FORMER_MODELS = {"miss": "zeroresultquery", "wanted": "guestwanted", "wordgroup": "synonymgroup"}


def desk_path(route: str, view: Callable[..., Any], name: str) -> URLPattern:
    """A page that needs a sign-in and uses the show's time zone."""
    return path(route, admin.site.admin_view(view), name=name)


def former_address(former: str, model: str) -> URLPattern:
    """Redirects from a model's pages of version 1 to those of today."""
    view = RedirectView.as_view(url=f"/admin/search/{model}/%(rest)s", query_string=True)
    return re_path(f"^search/{former}/(?P<rest>.*)$", admin.site.admin_view(view))


urlpatterns: list[URLPattern] = [
    path("sign-in/<str:token>", sign_in_by_link, name="desk_sign_in_link"),
    path("forgotten-password", forgotten_password, name="desk_forgotten"),
    path("passkey", require_POST(passkeys.BeginSignIn.as_view()), name="desk_passkey"),
    path("passkey/used", require_POST(passkeys.CompleteSignIn.as_view()), name="desk_passkey_used"),
    desk_path(
        "passkey/add", require_POST(passkeys.BeginRegistration.as_view()), "desk_passkey_add"
    ),
    desk_path(
        "passkey/added", require_POST(passkeys.CompleteRegistration.as_view()), "desk_passkey_added"
    ),
    desk_path("second-step/", accounts.second_step_page, "desk_second_step"),
    desk_path("sessions/", accounts.sessions_page, "desk_sessions"),
    desk_path("dismiss", dismiss, "desk_dismiss"),
    desk_path("paste", writing.paste, "desk_paste"),
    desk_path("paste/convert", writing.convert, "desk_convert"),
    desk_path("pencil", pencil, "desk_pencil"),
    desk_path(f"{EPISODE}/text", writing.text, "desk_text"),
    desk_path(f"{EPISODE}/guests", guests, "desk_guests"),
    desk_path(f"{EPISODE}/guests/link", taking_over.make_link, "desk_guest_link"),
    desk_path(f"{EPISODE}/guests/sent/<int:submission>", taking_over.decide, "desk_submission"),
    desk_path(
        f"{EPISODE}/guests/comments/<int:comment>", taking_over.comment_done, "desk_comment_done"
    ),
    desk_path("sent/", sent_by_guests, "desk_sent_by_guests"),
    desk_path(f"{EPISODE}/audio", audio.audio, "desk_audio"),
    desk_path(f"{EPISODE}/audio/change", audio.change, "desk_audio_change"),
    desk_path(f"{EPISODE}/audio/chapters", audio.write_chapters, "desk_write_chapters"),
    desk_path(f"{EPISODE}/transcript", transcripts.transcript, "desk_transcript"),
    desk_path(f"{EPISODE}/transcript/line", line.correct_line, "desk_transcript_line"),
    desk_path(f"{EPISODE}/transcript/replace", steps.replace, "desk_transcript_replace"),
    desk_path(f"{EPISODE}/transcript/speakers", steps.name_speakers, "desk_transcript_speakers"),
    desk_path(f"{EPISODE}/transcript/undo", steps.undo, "desk_transcript_undo"),
    desk_path(f"{EPISODE}/transcript/file", upload.upload, "desk_transcript_file"),
    desk_path(f"{EPISODE}/transcript/remove", upload.remove, "desk_transcript_remove"),
    desk_path(
        f"{EPISODE}/transcript/download/<str:ending>",
        download.download,
        "desk_transcript_download",
    ),
    desk_path(f"{EPISODE}/checklist", publishing.checklist, "desk_checklist"),
    desk_path(f"{EPISODE}/publish", publish.publish, "desk_publish"),
    desk_path(f"{EPISODE}/take-back", visibility.take_back, "desk_take_back"),
    desk_path(f"{EPISODE}/restore", restore_from_bin, "desk_restore"),
    desk_path(f"{EPISODE}/texts", texts, "desk_texts"),
    desk_path(f"{EPISODE}/previews", preview_links.preview_links, "desk_preview_links"),
    desk_path(
        f"{EPISODE}/previews/<int:link>/end",
        preview_links.revoke_preview_link,
        "desk_preview_revoke",
    ),
    desk_path("preview/<int:pk>", previews.editors_preview, "desk_preview"),
    desk_path("preview/<int:pk>/<str:part>", previews.editors_preview, "desk_preview_part"),
    # These two replace Django's own history, to which its button leads.
    desk_path(f"{EPISODE}/history/", history.episode_history, "history"),
    desk_path(f"{EPISODE}/history/<int:number>", history.revision, "revision"),
    desk_path("merge/<str:kind>/<int:pk>", merging, "desk_merge"),
    desk_path("erase/<int:pk>", erasing, "desk_erase"),
    desk_path("stack/categories/", categories, "desk_categories"),
    desk_path("people/", people.people, "desk_people"),
    desk_path("people/invite", people.invite, "desk_invite"),
    desk_path("people/<int:pk>", people.person, "desk_person"),
    desk_path("deleted/", deletions.deleted, "desk_deleted"),
    desk_path("deleted/<int:pk>/restore", deletions.restore_deleted, "desk_restore_deleted"),
    desk_path("listeners/", listeners.listeners, "desk_listeners"),
    desk_path("listeners/episodes/", listeners.listeners_episodes, "desk_listeners_episodes"),
    desk_path("listeners/episodes/<int:pk>", listeners.listeners_episode, "desk_listeners_episode"),
    desk_path("listeners/compared/", listeners.listeners_ages, "desk_listeners_ages"),
    desk_path("listeners/apps/", listeners.listeners_apps, "desk_listeners_apps"),
    desk_path("listeners/moments/", listeners.listeners_moments, "desk_listeners_moments"),
    desk_path("listeners/readers/", listeners.listeners_readers, "desk_listeners_readers"),
    # Bookmarks of former versions.
    desk_path("downloads/", listeners.former_downloads, "desk_downloads"),
    desk_path("links/", links.links, "desk_links"),
    desk_path("links/check", links.check_links, "desk_check_links"),
    desk_path("links/replace", links.replace_link, "desk_replace_link"),
    *(former_address(former, model) for former, model in FORMER_MODELS.items()),
]

# Previews for guests: the only pages of the desk that need no sign-in.
preview_urlpatterns = [
    path("<str:token>", previews.preview, name="preview"),
    path("<str:token>/send", previews.send, name="preview_send"),
    path("<str:token>/<str:part>", previews.preview, name="preview_part"),
]
