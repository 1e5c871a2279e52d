"""“Start here”: the host picks, with proposals at hand."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from episodes.models import Episode
from ops.models import DailyDownloads
from pages.tests.factories import catalogue
from show.models import Highlight

pytestmark = pytest.mark.django_db
LIST = "/admin/show/highlight/"


def paths() -> list[str]:
    return list(Highlight.objects.values_list("path", flat=True))


def add(host: Client, address: str) -> Any:
    return host.post(f"{LIST}add/", {"path": address, "position": 1})


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/podcast/2-episode-2", "/podcast/2-episode-2"),
        (f"{settings.SITE_URL}/podcast/2-episode-2?t=1526", "/podcast/2-episode-2?t=1526"),
        ("/podcast/2-episode-2/?t=25:26", "/podcast/2-episode-2?t=1526"),
        ("  /2/25:26 ", "/podcast/2-episode-2?t=1526"),
        ("/podcast/2-episode-2?t=1526,1600", "/podcast/2-episode-2?t=1526"),
        ("/podcast/2-episode-2?t=1999", "/podcast/2-episode-2?t=1526"),
        ("/podcast/2-episode-2?t=50", "/podcast/2-episode-2?t=50"),
    ],
)
def test_an_address_is_taken_in_any_spelling(host: Client, address: str, path: str) -> None:
    catalogue(2)
    assert add(host, address).status_code == 302
    assert paths() == [path]


@pytest.mark.parametrize(
    "address",
    ["/interviews/1-interview-1", "/stack/django", "https://example.org/podcast/2-episode-2",
     "/podcast/9-nothing", "/podcast/1-episode-1", "two", "http://[", "/podcast/2-episode-2/x"],
)  # fmt: skip
def test_other_addresses_are_refused(host: Client, address: str) -> None:
    catalogue(2)
    Episode.objects.filter(number=1).update(status=Episode.Status.WITHDRAWN)
    answer = add(host, address)
    assert "This is no address of a published episode" in answer.content.decode()
    assert paths() == []


def test_the_same_is_picked_once(host: Client) -> None:
    catalogue(2)
    add(host, "/podcast/2-episode-2")
    assert "taken already" in add(host, "/2").content.decode()
    assert paths() == ["/podcast/2-episode-2"]


def test_a_moment_past_the_end_is_refused(host: Client) -> None:
    catalogue(1)
    answer = add(host, "/podcast/1-episode-1?t=9999").content.decode()
    assert "This moment is past the episode’s end, which is at 50:00." in answer
    assert paths() == []


def test_a_topic_is_picked_once(host: Client) -> None:
    catalogue(1)
    row = Highlight.objects.create(path="/podcast/1-episode-1?t=1530")  # before it was snapped
    answer = add(host, "/podcast/1-episode-1?t=1600").content.decode()
    assert "is a highlight already, at another address" in answer
    row.delete()
    add(host, "/podcast/1-episode-1?t=1530")
    assert "taken already" in add(host, "/podcast/1-episode-1?t=1600").content.decode()
    assert paths() == ["/podcast/1-episode-1?t=1526"]


def test_the_list_says_which_stands_above_and_what_fills_it(host: Client) -> None:
    catalogue(2)
    Highlight.objects.create(path="/podcast/2-episode-2")
    page = host.get(LIST).content.decode()
    assert "2: Episode 2 (as the newest episode it stands above, and not here)" in page
    assert "While the list has fewer, it chooses the others by itself" in page


def test_the_list_says_what_is_shown_and_sorts(host: Client) -> None:
    catalogue(2)
    first = Highlight.objects.create(path="/podcast/2-episode-2?t=1526", position=1)
    second = Highlight.objects.create(path="/podcast/9-gone", position=2)
    page = host.get(LIST).content.decode()
    assert "25:26 Recap of AWS services" in page
    assert "leads to no published episode" in page
    data = {
        "form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 2, "form-0-id": first.pk,
        "form-0-position": 5, "form-1-id": second.pk, "form-1-position": 4, "_save": "Save",
    }  # fmt: skip
    assert host.post(LIST, data).status_code == 302
    assert paths() == ["/podcast/9-gone", "/podcast/2-episode-2?t=1526"]


def test_the_most_played_and_the_best_tips_are_proposed(host: Client) -> None:
    catalogue(4)
    for number, count in ((1, 7), (3, 1), (4, 9)):
        row = Episode.objects.podcast().get(number=number)
        DailyDownloads.objects.create(episode=row, day=timezone.now(), count=count)
    page = host.get(LIST).content.decode()
    assert page.index("1: Episode 1</a>, 7 downloads") < page.index("3: Episode 3</a>, 1 download ")
    assert "2: Episode 2" not in page
    assert "4: Episode 4" not in page  # it stands above, as the newest
    assert "33:20 Best tips? Ship &lt;early&gt;</a>, answers “Best tips”" in page
    host.post(LIST, {"propose": "/podcast/1-episode-1"})
    assert paths() == ["/podcast/1-episode-1"]
    answer = host.post(LIST, {"propose": "all"}, follow=True)
    assert "Added 5 proposals." in answer.content.decode()
    assert paths()[1:] == [
        "/podcast/3-episode-3",
        *(f"/podcast/{number}-episode-{number}?t=2000" for number in (4, 3, 2, 1)),
    ]
    assert "Proposed" not in host.get(LIST).content.decode()


def test_before_any_download_is_counted_the_home_pages_own_choice_is_proposed(host: Client) -> None:
    catalogue(3)
    page = host.get(LIST).content.decode()
    assert "2: Episode 2</a>, the newest with its main technology" in page
    assert "3: Episode 3" not in page
    assert "While the list is empty" in page


def test_only_what_is_proposed_can_be_added_by_a_press(host: Client) -> None:
    catalogue(1)
    answer = host.post(LIST, {"propose": "/podcast/1-episode-1?t=5"}, follow=True)
    assert "This is no longer proposed." in answer.content.decode()
    assert paths() == []


def test_an_empty_show_has_no_proposals(host: Client) -> None:
    assert "Proposed" not in host.get(LIST).content.decode()
