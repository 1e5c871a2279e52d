"""Names no two guests or technologies share, whichever way a host tries."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from desk.tests.forms import errors, form_data
from episodes.tests import factories
from guests.models import Guest
from stack.models import Library, Technology

GUEST = "/admin/guests/guest/"
TECHNOLOGY = "/admin/stack/technology/"
LIBRARY = "/admin/stack/library/"


@pytest.fixture(autouse=True)
def _known(db) -> None:
    factories.show()
    factories.guest("Phil Gyford").add_names("Philip Gyford")
    factories.technology("PostgreSQL", slug="postgres")
    factories.technology("Kubernetes").add_names("k8s")
    factories.library("https://gunicorn.org/")


@pytest.mark.parametrize(
    ("url", "changes", "message"),
    [
        (GUEST, {"name": "philip gyford", "slug": "new"}, "already names a guest"),
        (GUEST, {"name": "New", "slug": "phil-gyford"}, "Address: taken already"),
        (GUEST, {"name": "!!!", "slug": "new"}, "A name needs a letter or digit"),
        (GUEST, {"name": "ﷺ" * 60, "slug": "new"}, "letters and digits at most"),
        (GUEST, {"name": "New", "slug": "new", "names-0-name": "PHIL GYFORD"}, "already names"),
        (GUEST, {"name": "New", "slug": "new", "names-0-name": "new!"}, "needs no line here"),
        (GUEST, {"name": "New", "slug": "new", "twitter": "new@"}, "A username has letters"),
        (GUEST, {"name": "Ann Lee and Bo Ray", "slug": "new"}, "Not a single guest’s name"),
        (GUEST, {"name": "Ann Lee -- CTO", "slug": "new"}, "Not a single guest’s name"),
        (TECHNOLOGY, {"name": "Redis, nginx", "slug": "new"}, "Show notes can’t list this name"),
        (TECHNOLOGY, {"name": "K8S", "slug": "new"}, "already names Kubernetes"),
        (TECHNOLOGY, {"name": "Postgres!", "slug": "new"}, "already names PostgreSQL"),
        (TECHNOLOGY, {"name": "New", "slug": "Postgres"}, "already names PostgreSQL"),
        (TECHNOLOGY, {"name": "New", "slug": "--"}, "A name needs a letter or digit"),
        (TECHNOLOGY, {"name": "New", "slug": "42"}, "not digits alone"),
        (TECHNOLOGY, {"name": "New", "slug": "new", "names-0-name": "k8s"}, "already names"),
        (LIBRARY, {"name": "New", "slug": "new", "url": "http://www.gunicorn.org"}, "of gunicorn"),
        (
            LIBRARY,
            {"name": "N", "slug": "n", "url": "https://a.org", "addresses-0-key": "http://a.org/"},
            "needs no line here",
        ),
        (
            LIBRARY,
            {"name": "N", "slug": "n", "url": "https://a.org", "addresses-0-key": "gunicorn.org"},
            "taken already",
        ),
    ],
)
def test_what_is_taken_is_named(host: Client, url: str, changes: dict[str, str], message: str):
    data = form_data(host.get(f"{url}add/")) | changes
    assert message in errors(host.post(f"{url}add/", data))


def test_the_same_other_name_twice(host: Client):
    data = form_data(host.get(f"{GUEST}add/")) | {"name": "New", "slug": "new"}
    data |= {"names-TOTAL_FORMS": "2", "names-0-name": "Newt", "names-1-name": "newt."}
    assert "is listed twice" in errors(host.post(f"{GUEST}add/", data))


def test_a_renamed_guest_keeps_the_old_name_and_loses_only_what_is_deleted(host: Client):
    phil = Guest.objects.get(slug="phil-gyford")
    url = f"{GUEST}{phil.pk}/change/"
    data = form_data(host.get(url)) | {"name": "Phil G."}
    assert host.post(url, data).status_code == 302
    names = [row.name for row in phil.names.order_by("pk")]
    assert names == ["Phil Gyford", "Philip Gyford", "Phil G."]
    data = form_data(host.get(url))
    data |= {f"names-{index}-DELETE": "on" for index in range(3)}
    assert host.post(url, data).status_code == 302
    assert [row.name for row in phil.names.all()] == ["Phil G."]


@pytest.mark.parametrize(
    ("title", "heading", "is_warned"),
    [
        ("", "Websites using Whale herd in production", False),
        (
            "Websites Using Kubernetes in Production",
            "Websites using Whale herd in production",
            False,
        ),
        ("Kubernetes, and why", "Kubernetes, and why", True),
        ("Who herds containers?", "Who herds containers?", False),
    ],
)
def test_the_heading_follows_a_new_name(
    host: Client, title: str, heading: str, is_warned: bool
) -> None:
    Technology.objects.filter(name="Kubernetes").update(title=title)
    row = Technology.objects.get(name="Kubernetes")
    url = f"{TECHNOLOGY}{row.pk}/change/"
    saved = host.post(url, form_data(host.get(url)) | {"name": "Whale herd"}, follow=True)
    row.refresh_from_db()
    assert row.heading == heading
    assert ("The page’s heading still has the former name: “Kub" in saved.text) is is_warned
    # Only the renaming is answered for: the host may well write this title again.
    host.post(url, form_data(host.get(url)) | {"title": "Kubernetes"})
    row.refresh_from_db()
    assert row.heading == "Kubernetes"


def test_a_technology_that_loses_its_icon_says_how_it_gets_it_back(host: Client) -> None:
    row = Technology.objects.get(name="Kubernetes")
    url = f"{TECHNOLOGY}{row.pk}/change/"
    lost = "Whale herd has no icon"
    renamed = form_data(host.get(url)) | {"name": "Whale herd"}
    assert lost not in host.post(url, renamed, follow=True).text
    moved = form_data(host.get(url)) | {"slug": "whale-herd"}
    saved = host.post(url, moved, follow=True).text
    assert lost in saved
    assert "With the address “kubernetes” it has one again." in saved
    assert lost not in host.post(url, form_data(host.get(url)), follow=True).text


def test_a_technology_is_always_found_by_its_name_and_slug(host: Client):
    postgres = Technology.objects.get(slug="postgres")
    url = f"{TECHNOLOGY}{postgres.pk}/change/"
    data = form_data(host.get(url))
    data |= {"names-0-DELETE": "on", "names-1-DELETE": "on"}
    assert host.post(url, data).status_code == 302
    assert (
        Technology.objects.named("POSTGRES") == Technology.objects.named("postgresql") == postgres
    )


def test_a_library_is_always_found_by_its_address(host: Client):
    gunicorn = Library.objects.get()
    url = f"{LIBRARY}{gunicorn.pk}/change/"
    data = form_data(host.get(url)) | {"addresses-0-DELETE": "on"}
    data["addresses-1-key"] = "https://github.com/benoitc/gunicorn/?utm_source=x"
    assert host.post(url, data).status_code == 302
    keys = set(gunicorn.addresses.values_list("key", flat=True))
    assert keys == {"gunicorn.org", "github.com/benoitc/gunicorn"}


@pytest.fixture
def empty_form(host: Client) -> dict[str, str]:
    return form_data(host.get(f"{TECHNOLOGY}add/"))


@given(
    name=st.text(max_size=130),
    other=st.sampled_from(["", "k8s", "ﬃ", "\u0301", "C++", "🎙", "İ" * 90]) | st.text(max_size=20),
)
def test_no_name_breaks_the_form(host: Client, empty_form: dict[str, str], name: str, other: str):
    data = empty_form | {"name": name, "slug": "fuzzed", "names-0-name": other}
    response = host.post(f"{TECHNOLOGY}add/", data)
    assert response.status_code in (200, 302)
    Technology.objects.filter(slug="fuzzed").delete()


def test_the_form_shows_the_icon_and_why(host: Client) -> None:
    known, unknown = factories.technology("Postgres"), factories.technology("Nobody knows it")
    page = host.get(f"/admin/stack/technology/{known.pk}/change/").content.decode()
    assert "/icons/postgresql" in page and "“postgresql” of Simple Icons" in page
    page = host.get(f"/admin/stack/technology/{unknown.pk}/change/").content.decode()
    assert 'data-initial="N"' in page and "Its initial." in page
    assert "The name decides" in host.get("/admin/stack/technology/add/").content.decode()
