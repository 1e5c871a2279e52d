"""A guest's own page: the form for what they send, and the draft it is about."""

from typing import Any

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from desk.models import GuestSubmission, PreviewLink
from desk.submissions.fields import LINKS, PHOTO
from desk.submissions.forms import SubmissionForm
from desk.submissions.limits import MOST_COMMENTS, count_send
from desk.submissions.sending import appearance_of, sent_values, store_sent, take_back
from episodes.models import Appearance, Episode
from guests.models import Guest
from pages.metadata import metadata
from pages.moments import topic_lines
from pages.rendering import render_page
from show.models import Show

TOO_MANY = "You have sent a lot within an hour. Nothing was saved: send it again later."


def guest_page(request: HttpRequest, link: PreviewLink, episode: Episode) -> HttpResponse:
    appearance = appearance_of(link)
    form = SubmissionForm(initial=sent_values(link, appearance))
    return _page(request, link, episode, appearance, form)


def receive(request: HttpRequest, link: PreviewLink, episode: Episode) -> HttpResponse | None:
    """Store what was sent through this locked link; None if all of it was taken."""
    appearance = appearance_of(link)
    is_allowed = count_send(link, timezone.now())
    form = SubmissionForm(
        request.POST,
        request.FILES if is_allowed else None,  # reading a photo is work
        instance=Guest(),
        initial=sent_values(link, appearance),
    )
    form.is_valid()
    if not is_allowed:
        form.add_error(None, TOO_MANY)
        return _page(request, link, episode, appearance, form, status=429)
    store_sent(link, appearance, form)
    for what in request.POST.getlist("take_back")[:1]:
        take_back(link, what)
    return _page(request, link, episode, appearance, form) if form.errors else None


def _page(
    request: HttpRequest,
    link: PreviewLink,
    episode: Episode,
    appearance: Appearance,
    form: SubmissionForm,
    status: int = 200,
) -> HttpResponse:
    show = Show.objects.current()
    sent: dict[str, Any] = {row.field: row for row in link.submissions.all()}
    photo = sent.get(PHOTO)
    comments = list(link.comments.all())
    return render_page(
        request,
        "pages/guest_link.html",
        metadata(show, "Your page", "", robots="noindex, nofollow"),
        status=status,
        link=link,
        guest=appearance.guest,
        episode=episode,
        form=form,
        links=[(form[name], sent.get(name)) for name in LINKS],
        sent_photo=default_storage.url(photo.value) if photo else "",
        sent=sent,
        waiting=GuestSubmission.State.WAITING,
        comments=comments,
        most_comments=MOST_COMMENTS,
        is_sent="sent" in request.GET,
        host=show.author or show.title,
        preview={"page": link.get_absolute_url(), "audio": f"{link.get_absolute_url()}/audio"},
        lines=topic_lines(list(episode.topics.all()), None),
    )
