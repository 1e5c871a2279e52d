"""Every address that the URL resolver knows, with real values, and the accounts that try them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from accounts.roles import EDITOR, HOST, PRODUCER
from desk.models import GuestComment, GuestSubmission, PreviewLink
from desk.tests.test_roles import patterns
from episodes.models import Episode
from episodes.tests import factories
from guests.models import Guest
from notes.apply import finish_edit
from search.models import SynonymGroup
from stack.models import Technology
from topics.models import Transcript

TABLE = Path(__file__).with_name("role_matrix.txt")
# The letters of the table. Rights of whoever isn't a host, an editor or a stranger.
RIGHTS: dict[str, tuple[str, ...]] = {
    "S": (),
    "R": ("view_episode",),
    "P": ("change_episode",),
    "T": ("change_transcript",),
    "G": ("add_guest", "change_guest", "delete_guest"),
    "L": ("view_link", "change_link", "view_revision"),
    "U": ("view_user", "change_user"),
}
GROUPS = {"D": PRODUCER, "E": EDITOR, "H": HOST}
STRANGER = "A"
ROLES = (STRANGER, *RIGHTS, *GROUPS)
SEES_DRAFTS = set("RPDEH")
WORDS = {"all": set(ROLES), "staff": set(ROLES) - {STRANGER}, "-": set()}
NOT_ALLOWED = "405"
# What only those who see drafts may read, wherever it stands.
APPS = re.compile(r"\(\?P<app_label>([^)]*)\)")
FEW = 4  # as many as there are episodes
# Editing a draft needs less than editing what visitors see.
PK_OF_EPISODE = re.compile(r"admin/(?:episodes/episode|preview)/<int:pk>")
OF_A_DRAFT = " of a draft"
SECRET = "Unannounced Takeover"
# Of the sample that the tests make.
SLUGS = {
    "stack": "django", "guests": "phil-gyford", "libraries": "gunicorn",
    "questions": "best-tips", "interviews": "1-in-writing", "<slug:slug>": "thanks",
}  # fmt: skip
QUERIES = {
    "admin/pencil": "page=/podcast/1-a-site-around-diary-entries",
    "search/feed.xml": "q=diary",
    "oembed": f"url={settings.SITE_URL}/podcast/1-a-site-around-diary-entries",
}
GROUP = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Expected:
    """Who gets an answer by GET and by POST; None: nobody may use the method."""

    get: set[str] | None
    post: set[str] | None

    def by(self, method: str) -> set[str] | None:
        return self.get if method == "GET" else self.post


@dataclass(frozen=True)
class Address:
    row: str  # in the table
    path: str


def expectations() -> dict[str, Expected]:
    """The table, by its first column. Raises KeyError for an unknown letter or word."""
    found = {}
    for line in TABLE.read_text().splitlines():
        if line.startswith("#") or not line.strip():
            continue
        name, *columns = (part.strip() for part in line.split("|"))
        assert name not in found, f"{name} is in the table twice"
        found[name] = Expected(*(_who(column) for column in columns))
    return found


def _who(column: str) -> set[str] | None:
    if column == NOT_ALLOWED:
        return None
    letters = WORDS[column] if column in WORDS else set(column)
    assert letters <= set(ROLES), column
    return letters


def client_of(role: str) -> Client:
    client = Client()
    if role == STRANGER:
        return client
    user = User.objects.create_user(f"role-{role}", is_staff=True)
    if role in GROUPS:
        user.groups.add(Group.objects.get(name=GROUPS[role]))
    else:
        user.user_permissions.set(Permission.objects.filter(codename__in=RIGHTS[role]))
    client.force_login(user)
    return client


def secret_draft() -> Episode:
    """A draft of which no page may tell anything to those who don't see drafts."""
    row = factories.episode(
        SECRET, 90, guests=["Ann Draft"], technologies=["Tried in drafts"], topics=[(60, SECRET)], references=["https://x.example/"],
        summary=SECRET, introduction=SECRET, status=Episode.Status.DRAFT, draft_text=SECRET,
    )  # fmt: skip
    Transcript.objects.create(episode=row)
    finish_edit(row, None, source="test")
    return row


def addresses(public: Episode, draft: Episode) -> list[Address]:
    """Each route with values for which there is something, and each autocompletion.

    Of episodes, transcripts and revisions both the public one's and the draft's.
    """
    values = _values(public, draft)
    found = []
    for route, _ in patterns(get_resolver().url_patterns):
        if apps_named := APPS.search(route):
            for label in apps_named[1].split("|"):
                found.append(Address(f"admin/{label}/", f"/admin/{label}/"))
            continue
        for key, kind in _keys(route, draft):
            given = values | {"object_id": str(key)}
            row = _row(route) + kind
            if not PK_OF_EPISODE.match(route):
                found.append(Address(row, _written(route, given)))
                continue
            found.append(Address(row + OF_A_DRAFT, _written(route, given)))
            found.append(Address(row, _written(route, given | {"pk": str(public.pk)})))
    return found + list(_autocompletions())


def _row(route: str) -> str:
    return route or "(the home page)"


def _keys(route: str, draft: Episode) -> list[tuple[int, str]]:
    """Of some rows of the model whose page this is, with what the table calls another kind of them;
    for other routes one that isn't read."""
    models = {model._meta.label_lower: model for model in admin.site._registry}
    model: Any = models.get(".".join(route.split("/")[1:3]))
    if model is None or "<path:object_id>" not in route:
        return [(1, "")]
    rows = model._default_manager.order_by("-pk")
    if model is Transcript:
        return [(row.pk, OF_A_DRAFT * (row.episode_id == draft.pk)) for row in rows]
    if model is Episode:
        return [(row.pk, OF_A_DRAFT * (row.status == row.Status.DRAFT)) for row in rows]
    if model is Guest:
        return [(row.pk, OF_A_DRAFT * (row.name == "Ann Draft")) for row in rows]
    if model is Technology:
        return [(row.pk, OF_A_DRAFT * (row.name == "Tried in drafts")) for row in rows]
    if model is SynonymGroup:
        shipped = rows.filter(shipped=True)[:1]
        own = rows.filter(shipped=False)
        return [*((row.pk, " that ships") for row in shipped), *((row.pk, "") for row in own)]
    return [(row.pk, "") for row in rows[:FEW]]


def _values(public: Episode, draft: Episode) -> dict[str, str]:
    # A link to another draft: whoever has it, may see that one.
    shared = factories.episode("Shown to its guest", 91, status=Episode.Status.DRAFT)
    tomorrow = timezone.now() + timedelta(days=1)
    token = PreviewLink.objects.create(episode=shared, expires_at=tomorrow, recipient="Ann").token
    link = PreviewLink.objects.create(episode=draft, expires_at=tomorrow, recipient="Bob")
    mentions = factories.episode("It could run Django", 92, topics=[(60, "Why not Django")])
    finish_edit(mentions, None, source="test")
    factories.episode("In writing", 1, kind=Episode.Kind.INTERVIEW, seconds=None)
    public.enclosure.file.save("1.mp3", ContentFile(b"sound"))
    guest = draft.appearances.get().guest
    own = PreviewLink.objects.create(episode=draft, expires_at=tomorrow, guest=guest)
    sent = GuestSubmission.objects.create(link=own, field="title", value="CTO")
    comment = GuestComment.objects.create(link=own, text="Too long")
    colleague = User.objects.create_user("colleague", is_staff=True)
    return {
        "pk": str(draft.pk), "kind": "guest", "token": token, "part": "audio", "number": "1",
        "link": str(link.pk), "id": str(colleague.pk), "path": str(public.enclosure.file),
        "name": public.enclosure.name, "slug": public.slug, "seconds": "25:26",
        "key": _card(public), "section": "pages", "rest": "", "url": "nothing",
        "guest": str(guest.pk), "ending": "vtt", "submission": str(sent.pk),
        "comment": str(comment.pk),
    }  # fmt: skip


def _card(episode: Episode) -> str:
    """The key of the social card that this episode's page names."""
    found = re.search(r"/cards/([0-9a-f]+)\.png", Client().get(episode.get_absolute_url()).text)
    assert found
    return found[1]


def _written(route: str, given: dict[str, str]) -> str:
    """A path of this route. Of regular expressions only the named groups matter."""
    if route in ("admin/merge/<str:kind>/<int:pk>", "admin/erase/<int:pk>"):
        given = given | {"pk": given["guest"]}
    if route == "admin/people/<int:pk>":
        given = given | {"pk": given["id"]}
    if slug := SLUGS.get(route.split("/")[0]):
        given = given | {"slug": slug}
    plain = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route)
    plain = plain.replace(r"^(?:[\s\S]*/)?feed\.xml", "nothing/feed.xml")
    plain = plain.replace("^", "").replace("$", "")
    path = "/" + GROUP.sub(lambda group: given[group[1]], plain)
    return f"{path}?{QUERIES[route]}" if route in QUERIES else path


def _autocompletions() -> Iterator[Address]:
    """Django's search behind each field that the desk's forms complete."""
    seen = {("episodes", "appearance", "guest")}  # of the cards of an episode's guests
    for model_admin in admin.site._registry.values():
        forms: list[Any] = [model_admin, *model_admin.inlines]
        for each in forms:
            for name in each.autocomplete_fields:
                meta = each.model._meta
                seen.add((meta.app_label, meta.model_name, name))
    for app, model, name in sorted(seen):
        query = {"app_label": app, "model_name": model, "field_name": name, "term": ""}
        yield Address(
            f"admin/autocomplete/ {model}.{name}", f"/admin/autocomplete/?{urlencode(query)}"
        )


def rows_of_routes() -> set[str]:
    """The row, or the beginning of the rows, of each route that the resolver knows."""
    routes = {route for route, _ in patterns(get_resolver().url_patterns)}
    return {_row(route) for route in routes if not APPS.search(route)}
