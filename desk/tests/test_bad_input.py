"""Posts every kind of text to each field of the desk's forms: the answer is never a 5xx,
and no stored text has anything that a browser would run."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.models import TextTemplate
from desk.tests.forms import form_data
from desk.tests.harmless import harm_in_feed, harm_in_html, is_harmless
from episodes.models import Episode, Sponsor
from episodes.tests import factories
from guests.models import Guest
from media.tests.recordings import mp3
from media.tests.test_uploads import picture
from notes.apply import finish_edit
from search.models import Question, SynonymGroup
from show.models import CallToAction, FollowLink, Page, Promotion, Redirect, Show
from stack.models import Library, Technology
from topics.models import Cue, Transcript

pytestmark = pytest.mark.slow

XSS = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'><svg onload=alert(1)>",
    "</script><script>alert(1)</script>",
    "</title></textarea></style><script>alert(1)</script>",
    "<!--<img src=\"--><img src=x onerror=alert(1)//\">",
    "]]><script>alert(1)</script>",
    "\" autofocus onfocus=alert(1) x=\"",
    "<a href=\"javascript:alert(1)\">x</a>",
    "[x](javascript:alert(1)) <javascript:alert(1)> [y](data:text/html,<script>1</script>)",
    "[x](&#106;avascript:alert(1)) [y](java\tscript:alert(1)) ![z](vbscript:x)",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "{{7*7}} {% debug %} ${7*7} {title.__class__}",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62;",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//https://example.org",
    "https://example.org/\"onmouseover=alert(1)//",
    "https://example.org/<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "//evil.example/x.js",
]  # fmt: skip
ODD = [
    "", " ", "\0", "a\0b", "\ufeff", "\u202ekcab", "\x1b[31m", "\r\nSet-Cookie: a=b", "-1", "0",
    "1e9", "9" * 30, "2147483648", "nan", "١٢", "²", "0:00:99", "99999999:00", "2020-02-30",
    "9999-12-31",
    "0001-01-01", "24:00", "x" * 6000, "ü" * 300, "🎧" * 200, "../../etc/passwd", "%00", "\\",
    "'", "on", "None", "[]", "{}", "null", "http://[", "https://a b", "mailto:", "/x", "//", "#",
    "\ud7ff",
]  # fmt: skip
STEP = 4  # so many rounds, in each of which a field gets another one
typed = st.one_of(st.sampled_from(XSS + ODD), st.text(max_size=60))


@pytest.fixture
def catalogue(db) -> None:
    """A row of every model that is edited at the desk and visible to listeners."""
    show = factories.show()
    Show.objects.update(categories=[["Technology"]], host=show.host)
    episode = factories.episode(
        "Episode", 9, slug="9-episode", topics=[(5, "Early"), (60, "Late")],
        technologies=["Django"], guests=["Phil Gyford"], introduction="Words",
        libraries=["https://github.com/celery/celery"], references=["https://example.org/"],
        first_published_at=factories.FIRST_PUBLISHED,
    )  # fmt: skip
    interview = factories.episode(
        "Interview", 1, kind="interview", slug="1-interview", seconds=None,
        introduction="## Why?\n\nSo", guests=["Phil Gyford"],
    )  # fmt: skip
    Sponsor.objects.create(episode=episode, name="A Sponsor", url="https://sponsor.example")
    transcript = Transcript.objects.create(episode=episode)
    Cue.objects.create(transcript=transcript, position=0, start=0, end=900, text="Words")
    FollowLink.objects.create(name="Apple", url="https://apple.example")
    Promotion.objects.create(title="A course", url="https://course.example", text="Good")
    CallToAction.objects.create(
        label="Join", url="https://join.example", purpose=CallToAction.Purpose.choices[0][0]
    )
    Page.objects.create(title="Thanks", slug="thanks", body="Words", published=True)
    Redirect.objects.create(old_path="/old", new_path="/podcast/")
    Question.objects.create(title="Best tips", slug="best-tips", query='"best tips"')
    SynonymGroup.objects.create(words="outage, downtime")
    TextTemplate.objects.create(name="Post", text="{title}")
    for row in (episode, interview):
        finish_edit(row, None, "desk")


def forms() -> dict[str, Any]:
    """The desk's forms by name, each with a row."""
    podcast = Episode.objects.get(kind="podcast")
    rows = [
        podcast, Episode.objects.get(kind="interview"), Guest.objects.get(name="Phil Gyford"),
        Technology.objects.get(), Library.objects.get(), Show.objects.get(),
        Transcript.objects.get(), FollowLink.objects.get(), Promotion.objects.get(),
        CallToAction.objects.get(), Page.objects.get(slug="thanks"), Redirect.objects.get(),
        Question.objects.get(slug="best-tips"), SynonymGroup.objects.get(shipped=False),
        TextTemplate.objects.get(name="Post"),
    ]  # fmt: skip
    return {f"{type(row).__name__} {row.pk}": row for row in rows}


def address(row: Any) -> str:
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])


def seen() -> list[str]:
    """Public pages and desk pages that may show typed text."""
    episodes = Episode.objects.all()
    paths = ["/", "/podcast/", "/interviews/", "/guests/", "/stack/", "/libraries/", "/follow"]
    paths += ["/questions/", "/search?q=early", "/colophon", "/opensearch.xml", "/sitemap.xml"]
    paths += [row.get_absolute_url() for row in episodes]
    for model in (Guest, Technology, Library, Page, Question):
        paths += [row.get_absolute_url() for row in model.objects.all()]
    for row in episodes.filter(kind="podcast"):
        paths += [f"{row.get_absolute_url()}{end}" for end in ("/transcript", "/embed")]
        paths += [f"/admin/episodes/episode/{row.pk}/{page}" for page in
                  ("audio", "checklist", "previews", "texts", "text", "history")]  # fmt: skip
    return [*paths, "/admin/", "/admin/episodes/episode/"]


FEEDS = ["/podcast/feed.xml", "/interviews/feed.xml", "/search/feed.xml?q=early"]


def harm(host: Client) -> list[str]:
    """What a browser would execute on these pages, with the page."""
    found = []
    for path in seen():
        response = host.get(path)
        assert response.status_code < 500, path
        if "text/html" in response.get("Content-Type", ""):
            body = b"".join(response) if response.streaming else response.content
            found += [f"{path}: {each}" for each in harm_in_html(body.decode())]
    for path in FEEDS:
        response = host.get(path)
        body = b"".join(response) if response.streaming else response.content
        if response.status_code == 200:
            found += [f"{path}: {each}" for each in harm_in_feed(body)]
    return found


@contextmanager
def undone() -> Iterator[None]:
    """Roll back what is written inside."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


def fields_of(data: dict[str, str]) -> list[str]:
    """Typed fields, without Django's own counters."""
    own = ("_FORMS", "csrfmiddlewaretoken")
    return sorted(name for name in data if not any(each in name for each in own))


def refused(response: Any) -> set[str]:
    """The names of the fields with errors."""
    context = response.context_data
    names = set(context["adminform"].form.errors)
    for inline in context["inline_admin_formsets"]:
        for form in inline.formset.forms:
            names |= {form.add_prefix(name) for name in form.errors}
    return names


@pytest.mark.parametrize("first", range(0, len(XSS), STEP))
def test_no_form_stores_a_script(host: Client, catalogue, first: int):
    """Typed into all fields of all forms; refused fields get their former values."""
    for row in forms().values():
        url = address(row)
        before = form_data(host.get(url))
        names = [name for name in fields_of(before) if not is_key(name)]
        data = {name: XSS[(first + place) % len(XSS)] for place, name in enumerate(names)}
        for _ in range(6):
            response: Any = host.post(url, before | data)
            assert response.status_code in (200, 302), url
            if response.status_code == 302:
                break
            assert harm_in_html(response.content.decode()) == []
            again = refused(response)
            data = {
                name: value for name, value in data.items() if not is_refused(name, again, data)
            }
        assert response.status_code == 302, (url, again)
    found = harm(host)
    assert not found, "\n".join(found)


def is_key(name: str) -> bool:
    """Whether the field identifies a row or its version."""
    last = name.rpartition("-")[2]
    return last in (
        "id",
        "episode",
        "transcript",
        "place",
        "DELETE",
        "edit_seen",
        "seen",
    ) or name.startswith("_")


def is_refused(name: str, names: set[str], data: dict[str, str]) -> bool:
    """Also because of an empty required field in the same row."""
    line = name.rpartition("-")[0]
    lacking = {each.rpartition("-")[0] for each in names if each not in data and "-" in each}
    refused = any(name == each or name.startswith(f"{each}_") for each in names)
    return refused or "__all__" in names or bool(line and line in lacking)


@given(st.data())
@settings(max_examples=40)
def test_any_words_in_any_fields(host: Client, catalogue, data: st.DataObject):
    by_name = forms()
    row = by_name[data.draw(st.sampled_from(sorted(by_name)), label="form")]
    before = form_data(host.get(address(row)))
    names = st.sampled_from([*fields_of(before), *(each for each in before if "_FORMS" in each)])
    changes = data.draw(st.dictionaries(names, typed, min_size=1, max_size=4), label="typed")
    with undone():
        response = host.post(address(row), before | changes)
        assert response.status_code in (200, 302, 400, 404)


@given(st.data())
@settings(max_examples=30)
def test_any_words_in_new_rows(host: Client, catalogue, data: st.DataObject):
    models = [model for model in admin.site._registry if is_made_here(model)]
    labels = {model._meta.label_lower: model for model in models}
    meta = labels[data.draw(st.sampled_from(sorted(labels)), label="form")]._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_add")
    before = form_data(host.get(url))
    words = st.fixed_dictionaries({}, optional=dict.fromkeys(fields_of(before), typed))
    with undone():
        response = host.post(url, before | data.draw(words, label="typed"))
        assert response.status_code in (200, 302, 400)


def is_made_here(model: type) -> bool:
    return model not in (Show,) and model.__module__.partition(".")[0] in (
        "episodes", "guests", "stack", "show", "search", "topics",
    ) and model.__name__ != "ZeroResultQuery"  # fmt: skip


# Files


NAMES = [
    "<img src=x onerror=alert(1)>.{}", "\"onload=alert(1) x=\".{}", "a.html.{}",
    "javascript:alert(1).{}",
    "\0.{}", "x" * 300 + ".{}", "\u202egpj.{}", "..{}", "C:\\fakepath\\a.{}", "%3Cscript%3E.{}",
    "a;b&c`d`$(id).{}", "ünï.{}", ".{}", "CON.{}",
]  # fmt: skip


def called(name: str, ending: str, content: bytes) -> SimpleUploadedFile:
    """A file with this very name, which SimpleUploadedFile would sanitise."""
    file = SimpleUploadedFile("a", content)
    vars(file)["_name"] = name.format(ending)
    return file


@pytest.mark.parametrize("name", NAMES)
def test_names_of_files_are_harmless(host: Client, catalogue, name: str):
    """Any file is stored under a harmless name, or refused with a reason."""
    png = picture("PNG", (1400, 1400))
    vtt = b"WEBVTT\n\n00:00.000 --> 00:01.000\n<v Phil>Early\n"
    uploads: dict[Any, tuple[str, str, bytes]] = {
        Guest: ("avatar", "png", png),
        Show: ("artwork", "png", png),
        Episode: ("image", "png", png),
        Transcript: ("file", "vtt", vtt),
    }
    for row in forms().values():
        if type(row) not in uploads:
            continue
        field, ending, content = uploads[type(row)]
        data = form_data(host.get(address(row))) | {field: called(name, ending, content)}
        response: Any = host.post(address(row), data)
        assert response.status_code in (200, 302, 400)
        if response.status_code == 200:
            assert harm_in_html(response.content.decode()) == []
    assert harm(host) == []


@pytest.mark.parametrize("name", NAMES)
def test_names_of_recordings_are_harmless(host: Client, catalogue, name: str):
    row = Episode.objects.get(kind="podcast")
    data = {"file": called(name, "mp3", mp3(99))}
    response = host.post(reverse("desk_audio", args=[row.pk]), data, follow=True)
    assert response.status_code in (200, 400)
    assert harm_in_html(response.content.decode()) == []
    assert harm(host) == []


# The measure itself


@pytest.mark.parametrize(
    "html",
    ["<script>1</script>", "<img src=x onerror=1>", "<a href=' java\tscript:1'>", "<iframe>",
     "<svg><a xlink:href='JAVASCRIPT:1'>", "<form action='data:text/html,x'>", "<p style=x>",
     "<script src='//evil.example'>", "<base href=x>", "<meta http-equiv=Refresh>"],
)  # fmt: skip
def test_harm_is_detected(html: str):
    assert harm_in_html(html)


@pytest.mark.parametrize("url", ["/a:b", "?t=1:02", "#1:02", "https://x", "mailto:a@b", "a/b:c"])
def test_harmless_addresses(url: str):
    assert is_harmless(url)


def test_harm_in_feeds_is_detected():
    item = "<item><link>javascript:1</link><description>&lt;b onclick=1&gt;</description></item>"
    assert harm_in_feed(f"<rss>{item}</rss>".encode()) == ["<link> javascript:1", "onclick="]


def test_marks_without_end_are_refused_before_they_are_stored(host: Client, catalogue) -> None:
    """PostgreSQL would take minutes to normalise them."""
    marks = "a" + "\u0301\u0327" * 40
    row = Episode.objects.earliest("pk")
    path = f"/admin/episodes/episode/{row.pk}/change/"
    answer = host.post(path, form_data(host.get(path)) | {"introduction": marks})
    assert answer.status_code == 400
    assert host.post("/admin/paste", {"text": marks}).status_code == 400
    assert host.get("/admin/guests/guest/", {"q": marks}).status_code == 400
    row.refresh_from_db()
    assert "\u0301" not in row.introduction
