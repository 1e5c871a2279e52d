"""A guest's own page: what they send through their link, and the host takes it over."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from desk.entities.kinds import KINDS
from desk.entities.merge import merge
from desk.models import GuestComment, GuestSubmission, PreviewLink
from desk.submissions.limits import MOST_COMMENTS, MOST_SENDS, RETENTION
from desk.submissions.sending import delete_leftovers
from desk.tests.forms import form_data
from episodes.audio_files import remove_discarded
from episodes.models import Appearance, Episode
from episodes.tests import factories
from guests.models import Guest
from notes.apply import finish_edit
from notes.models import Revision
from show.clock.reading import read_clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Episode:
    factories.show(author="Nick")
    row = factories.episode(
        "A <b>bold</b> draft",
        9,
        status="draft",
        published_at=None,
        slug="9-draft",
        topics=[(61, "One & only"), (700, "Queues")],
        guests=["Anna Nowak", "Bob"],
    )
    finish_edit(row, None, "test")
    return Episode.objects.get(pk=row.pk)


def link_of(draft: Episode, name: str = "Anna Nowak", days: float = 14) -> PreviewLink:
    guest = Guest.objects.get(name=name)
    until = timezone.now() + timedelta(days)
    return PreviewLink.objects.create(episode=draft, guest=guest, expires_at=until)


def page_of(link: PreviewLink) -> str:
    return link.get_absolute_url()


def send(client: Client, link: PreviewLink, **changes: Any) -> Any:
    """Fill in the page's form and send it."""
    page = client.get(page_of(link))
    return client.post(f"{page_of(link)}/send", form_data(page) | changes)


def picture(kind: str = "JPEG", size: tuple[int, int] = (700, 560), **options: Any) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "teal").save(made, kind, **options)
    return made.getvalue()


JPEG = picture(size=(64, 64), progressive=True)
SCAN = JPEG.rindex(b"\xff\xda")


def photo(content: bytes, name: str = "me.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def waiting(link: PreviewLink) -> dict[str, str]:
    rows = link.submissions.filter(state=GuestSubmission.State.WAITING)
    return dict(rows.values_list("field", "value"))


def guests_tab(draft: Episode) -> str:
    return f"/admin/episodes/episode/{draft.pk}/guests"


@pytest.mark.slow
def test_a_link_from_the_guests_tab_is_sent_used_taken_over_and_ended(
    host: Client, client: Client, draft: Episode, settings
) -> None:
    anna = Guest.objects.get(name="Anna Nowak")
    host.post(f"{guests_tab(draft)}/link", {"guest": anna.pk})
    link = PreviewLink.objects.get()
    assert timedelta(days=13.9) < link.expires_at - timezone.now() < timedelta(days=14)
    tab = host.get(guests_tab(draft)).text
    assert "Hi Anna Nowak, here is a page for you before “A &lt;b&gt;bold&lt;/b&gt; draft”" in tab
    assert f"{settings.SITE_URL}{page_of(link)}" in tab

    answer = send(
        client, link, photo=photo(picture(size=(3000, 2400))), title="CTO of <i>Example</i>",
        pronunciation="AH-na NO-vak", github="https://github.com/annanowak?tab=repositories",
        mastodon="@anna@hachyderm.io", at="12:30", comment="Please say “queue”\nhere <script>",
    )  # fmt: skip
    assert answer.status_code == 302
    page = client.get(answer["Location"]).text
    assert "Sent.</strong> Nick will look at it." in page
    assert 'value="https://hachyderm.io/@anna"' in page  # what was understood
    assert "<script>" not in page.partition("<main")[2].partition("</main>")[0]
    assert waiting(link) | {"photo": ""} == {
        "photo": "", "title": "CTO of <i>Example</i>", "pronunciation": "AH-na NO-vak",
        "github": "annanowak", "mastodon": "https://hachyderm.io/@anna",
    }  # fmt: skip
    anna.refresh_from_db()
    assert (anna.github, bool(anna.avatar)) == ("", False)  # nothing is public

    start = host.get("/admin/").text
    assert "guests sent something" in start  # in the menu
    assert "Anna Nowak</bdi> sent a photo" in host.get("/admin/sent/").text
    assert "sent a photo, what they do, how to say their name, 2 links and a comment" in start
    tab = host.get(guests_tab(draft)).text
    assert "CTO of &lt;i&gt;Example&lt;/i&gt;" in tab
    checklist = host.get(f"/admin/episodes/episode/{draft.pk}/checklist").text
    assert "#topics-1" in checklist  # what was said at 12:30
    assert f"/admin/preview/{draft.pk}?t=750" in checklist
    assert "here &lt;script&gt;" in checklist
    revisions = Revision.objects.filter(episode=draft).count()
    for row in link.submissions.all():
        take(host, draft, row)
    anna.refresh_from_db()
    assert (anna.github, anna.mastodon) == ("annanowak", "https://hachyderm.io/@anna")
    assert anna.pronunciation == "AH-na NO-vak"
    with Image.open(anna.avatar) as stored:
        assert (stored.format, stored.size) == ("JPEG", (2000, 1600))
    assert Appearance.objects.get(guest=anna).title == "CTO of <i>Example</i>"
    assert Revision.objects.filter(episode=draft).count() == revisions + 1
    comment = GuestComment.objects.get()
    host.post(f"{guests_tab(draft)}/comments/{comment.pk}")
    host.post(f"{guests_tab(draft)}/comments/{comment.pk}", {"undo": ""})
    assert "sent a comment" in host.get("/admin/").text
    host.post(f"{guests_tab(draft)}/comments/{comment.pk}")
    assert "Done (1)" in host.get(f"/admin/episodes/episode/{draft.pk}/checklist").text
    assert waiting(link) == {}
    assert "sent a" not in host.get("/admin/").text
    assert "Nothing waits for you." in host.get("/admin/sent/").text

    assert "A page of their own" in host.get(f"/admin/episodes/episode/{draft.pk}/previews").text
    host.post(f"/admin/episodes/episode/{draft.pk}/previews/{link.pk}/end")
    assert client.get(page_of(link)).status_code == 410
    assert client.post(f"{page_of(link)}/send", {"github": "other"}).status_code == 410
    assert waiting(link) == {}


def take(host: Client, draft: Episode, row: GuestSubmission, **data: str) -> Any:
    """Press “Take over” beside what the page shows now."""
    page: Any = host.get(guests_tab(draft))
    shown = {
        sent.row.pk: {"now": sent.now, "sent": sent.row.value}
        for each, _ in page.context_data["guests_pages"]
        for sent in (*each.waiting, *each.left)
    }
    data = {"do": "take"} | shown[row.pk] | data
    return host.post(f"{guests_tab(draft)}/sent/{row.pk}", data, follow=True)


def test_nothing_is_overwritten_that_changed_meanwhile(
    host: Client, client: Client, draft: Episode
) -> None:
    link = link_of(draft)
    send(client, link, github="anna")
    row = link.submissions.get()
    Guest.objects.filter(name="Anna Nowak").update(github="anna-at-work")
    tab = host.get(guests_tab(draft)).text
    assert "It has changed since this was sent" in tab
    answer = take(host, draft, row, now="")  # from a page that was loaded before
    assert "has changed since this page was loaded" in answer.text
    assert Guest.objects.get(name="Anna Nowak").github == "anna-at-work"
    take(host, draft, row)
    assert Guest.objects.get(name="Anna Nowak").github == "anna"


def test_what_a_guest_sent_meanwhile_is_not_taken_over_unseen(
    host: Client, client: Client, draft: Episode
) -> None:
    link = link_of(draft)
    send(client, link, github="anna")
    row = link.submissions.get()
    assert '<input type="hidden" name="sent" value="anna">' in host.get(guests_tab(draft)).text
    send(client, link, github="anna-2")
    answer = take(host, draft, row, sent="anna")
    assert "sent another “GitHub” since this page was loaded" in answer.text
    assert Guest.objects.get(name="Anna Nowak").github == ""
    take(host, draft, row)
    assert Guest.objects.get(name="Anna Nowak").github == "anna-2"


def test_what_the_host_changes_while_the_page_is_open_was_not_sent(
    client: Client, draft: Episode
) -> None:
    link = link_of(draft)
    page = form_data(client.get(page_of(link)))
    Guest.objects.filter(name="Anna Nowak").update(github="anna")
    client.post(f"{page_of(link)}/send", page | {"title": "Engineer"})
    assert waiting(link) == {"title": "Engineer"}


def test_what_is_left_can_still_be_taken_over(host: Client, client: Client, draft: Episode) -> None:
    link = link_of(draft)
    send(client, link, title="Queen of queues")
    row = link.submissions.get()
    take(host, draft, row, do="leave")
    assert waiting(link) == {}
    assert "Left as it is (1)" in host.get(guests_tab(draft)).text
    take(host, draft, row)
    assert Appearance.objects.get(guest__name="Anna Nowak").title == "Queen of queues"


def test_a_guest_changes_and_takes_back_what_they_sent(client: Client, draft: Episode) -> None:
    link = link_of(draft)
    send(client, link, photo=photo(picture()), github="anna", at="1:00", comment="Hello")
    first = waiting(link)["photo"]
    send(client, link, photo=photo(picture("PNG"), "me.png"), github="anna2")
    assert waiting(link)["github"] == "anna2"
    assert waiting(link)["photo"] != first
    send(client, link, github="", take_back="photo")
    send(client, link, take_back=str(link.comments.get().pk))
    assert waiting(link) == {}
    assert not link.comments.exists()


def test_what_cannot_be_taken_comes_back_and_the_rest_is_saved(
    client: Client, draft: Episode
) -> None:
    link = link_of(draft)
    answer = send(client, link, github="anna", linkedin="https://x.com/anna", at="half past")
    assert answer.status_code == 200
    assert "Not all of it was sent." in answer.text
    assert "at Twitter, not at LinkedIn" in answer.text
    assert 'value="https://x.com/anna"' in answer.text
    assert waiting(link) == {"github": "anna"}
    answer = send(client, link, at="half past", comment="Typed for nothing?")
    assert "Typed for nothing?" in answer.text
    assert not link.comments.exists()


def stored_files(settings: Any) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("x.jpg", b"<html><script>alert(1)</script></html>"),
        ("x.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 100),
        ("x.jpg", picture()[:1500]),  # it breaks off
        ("x.png", picture("PNG", (9000, 9000))),  # a small file of 81 million pixels
        ("x.png", picture("PNG", (5000, 5000))),  # the host may upload this one
        ("x.jpg", b"".join((JPEG[:-2], (JPEG[SCAN:-2]) * 200, JPEG[-2:]))),
    ],
    ids=["svg", "html", "broken", "cut", "bomb", "costly", "scans"],
)
def test_a_hostile_photo_is_refused_and_nothing_is_stored(
    client: Client, draft: Episode, settings, name: str, content: bytes
) -> None:
    link = link_of(draft)
    answer = send(client, link, photo=photo(content, name), github="anna")
    assert answer.status_code == 200
    assert 'class="errorlist' in answer.text
    assert waiting(link) == {"github": "anna"}
    assert stored_files(settings) == []


def test_nothing_of_the_file_is_stored_but_its_picture(
    client: Client, draft: Episode, settings
) -> None:
    link = link_of(draft)
    exif = Image.Exif()
    exif[0x010E] = "my kitchen"
    content = picture(size=(900, 700), exif=exif) + b"<script>alert(1)</script>"
    send(client, link, photo=photo(content))
    (path,) = stored_files(settings)
    stored = path.read_bytes()
    assert b"kitchen" not in stored
    assert b"script" not in stored
    with Image.open(path) as image:
        assert image.size == (900, 700)


def test_large_bodies_are_refused_unread(client: Client, draft: Episode) -> None:
    link = link_of(draft)
    for path, status in ((f"{page_of(link)}/send", 413), ("/preview/x/send", 413)):
        answer = client.generic(
            "POST", path, b"x", "multipart/form-data; boundary=x", CONTENT_LENGTH="60000000"
        )
        assert answer.status_code == status
    assert (
        "at most 10 MB"
        in client.generic(
            "POST", f"{page_of(link)}/send", b"x", CONTENT_LENGTH="60000000"
        ).content.decode()
    )


def test_a_thousand_comments(client: Client, draft: Episode) -> None:
    link = link_of(draft)
    rows = [GuestComment(link=link, text=f"{n}") for n in range(MOST_COMMENTS - 1)]
    GuestComment.objects.bulk_create(rows)
    send(client, link, comment="The last", at="")
    assert link.comments.count() == MOST_COMMENTS
    answer = send(client, link, comment="One more", at="")
    assert "That is the most" in answer.text
    assert link.comments.count() == MOST_COMMENTS
    link.comments.all().delete()
    assert "at most 1000" in send(client, link, comment="x" * 1001).text
    assert not link.comments.exists()


def test_a_flood_is_stopped(client: Client, draft: Episode) -> None:
    link = link_of(draft)
    data = form_data(client.get(page_of(link)))
    PreviewLink.objects.update(sends=MOST_SENDS - 1, sends_since=timezone.now())
    assert client.post(f"{page_of(link)}/send", data | {"github": "a"}).status_code == 302
    refused = client.post(f"{page_of(link)}/send", data | {"github": "b"})
    assert refused.status_code == 429
    assert 'value="b"' in refused.text  # it isn't lost
    assert waiting(link) == {"github": "a"}
    PreviewLink.objects.update(sends_since=timezone.now() - timedelta(hours=2))
    assert client.post(f"{page_of(link)}/send", data | {"github": "b"}).status_code == 302


def test_one_link_reaches_one_guest(host: Client, client: Client, draft: Episode) -> None:
    anna, bob = link_of(draft), link_of(draft, "Bob")
    send(client, bob, github="bob", comment="Of Bob")
    page = client.get(page_of(anna)).text
    assert "Of Bob" not in page
    assert 'value="bob"' not in page
    comment = bob.comments.get()
    send(client, anna, take_back=str(comment.pk))
    assert bob.comments.exists()
    other = factories.episode("Other", 10, guests=["Cleo"])
    row = bob.submissions.get()
    assert host.post(f"{guests_tab(other)}/sent/{row.pk}", {"do": "take"}).status_code == 404
    assert host.post(f"{guests_tab(other)}/comments/{comment.pk}").status_code == 404


def test_who_is_no_guest_any_more_has_no_page(client: Client, draft: Episode) -> None:
    link = link_of(draft)
    Appearance.objects.filter(guest__name="Anna Nowak").delete()
    assert client.get(page_of(link)).status_code == 410
    assert client.post(f"{page_of(link)}/send", {"github": "x"}).status_code == 410


def test_the_page_is_private_and_its_form_is_protected(client: Client, draft: Episode) -> None:
    link = link_of(draft)
    page = client.get(page_of(link))
    assert page["Cache-Control"] == "private, no-store"
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Referrer-Policy"] == "same-origin"
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"{page_of(link)}/send", {"github": "x"}).status_code == 403
    assert waiting(link) == {}
    assert client.get(f"{page_of(link)}/send")["Location"] == page_of(link)
    plain = PreviewLink.objects.create(episode=draft, expires_at=link.expires_at)
    assert client.post(f"{page_of(plain)}/send", {"github": "x"}).status_code == 410
    assert client.get(f"{page_of(plain)}/page").status_code == 404


def test_the_whole_draft_is_below_the_page(host: Client, client: Client, draft: Episode) -> None:
    link = link_of(draft)
    Guest.objects.filter(name="Anna Nowak").update(pronunciation="AH-na <b>")
    whole = client.get(f"{page_of(link)}/page").text
    assert "This is a preview" in whole
    assert f'<a href="{page_of(link)}">Back to your page</a>' in whole
    assert "AH-na" not in whole
    assert "AH-na &lt;b&gt;" in host.get(f"/admin/preview/{draft.pk}").text
    assert client.get(f"{page_of(link)}/audio").status_code == 302
    Episode.objects.filter(pk=draft.pk).update(status="published", published_at=timezone.now())
    assert client.get(f"{page_of(link)}/page")["Location"] == "/podcast/9-draft"
    assert "The published page" in client.get(page_of(link)).text


def test_leftovers_go_after_a_month(client: Client, draft: Episode, settings) -> None:
    link = link_of(draft)
    send(client, link, photo=photo(picture()), comment="Hello")
    read_clock()
    PreviewLink.objects.update(expires_at=timezone.now() - RETENTION + timedelta(minutes=1))
    assert delete_leftovers() == ""
    PreviewLink.objects.update(expires_at=timezone.now() - RETENTION - timedelta(minutes=1))
    plain = PreviewLink.objects.create(episode=draft, expires_at=timezone.now() - timedelta(90))
    assert delete_leftovers() == "Deleted 1 expired link of guests."
    remove_discarded()
    assert stored_files(settings) == []
    assert list(PreviewLink.objects.all()) == [plain]
    assert not GuestSubmission.objects.exists() and not GuestComment.objects.exists()


@pytest.mark.slow
def test_erasing_the_guest_erases_what_they_sent(
    host: Client, client: Client, draft: Episode, settings
) -> None:
    anna, bob = link_of(draft), link_of(draft, "Bob")
    send(client, anna, photo=photo(picture()), title="CTO", comment="Hello")
    send(client, bob, comment="Anna Nowak says hello")
    guest = Guest.objects.get(name="Anna Nowak")
    Guest.objects.filter(pk=guest.pk).update(pronunciation="AH-na")
    data = form_data(host.get(f"/admin/erase/{guest.pk}"))
    host.post(f"/admin/erase/{guest.pk}", data | {"erase": "", "sure": "on"})
    guest.refresh_from_db()
    assert guest.pronunciation == ""
    assert not GuestSubmission.objects.exists()
    assert list(PreviewLink.objects.all()) == [bob]
    assert bob.comments.get().text == f"{guest.name} says hello"
    remove_discarded()
    assert stored_files(settings) == []
    assert client.get(page_of(anna)).status_code == 404


def test_a_storage_that_fails_costs_only_the_photo(
    client: Client, draft: Episode, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = link_of(draft)

    def fail(*arguments: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr("desk.submissions.sending.store_photo", fail)
        answer = send(client, link, photo=photo(picture()), github="anna")
    assert "could not be stored" in answer.text
    assert waiting(link) == {"github": "anna"}


def test_a_lost_photo_is_asked_for_again(host: Client, client: Client, draft: Episode) -> None:
    link = link_of(draft)
    send(client, link, photo=photo(picture()))
    row = link.submissions.get()
    default_storage.delete(row.value)
    assert "Ask for it again" in take(host, draft, row).text
    assert waiting(link) == {"photo": row.value}


def test_merged_guests_have_both_links(client: Client, draft: Episode) -> None:
    anna, bob = link_of(draft), link_of(draft, "Bob")
    send(client, bob, comment="Hello")
    assert bob.guest_id and anna.guest_id
    merge(KINDS["guest"], bob.guest_id, anna.guest_id, None)
    bob.refresh_from_db()
    assert (bob.guest_id, bob.comments.count()) == (anna.guest_id, 1)
