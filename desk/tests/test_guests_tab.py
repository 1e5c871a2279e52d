"""The guests of an episode: cards that are edited in place and saved together."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from desk.tests.forms import form_data
from episodes.models import Appearance, Episode
from episodes.tests import factories
from guests.models import Guest
from media.tests.test_uploads import picture
from notes.apply import finish_edit
from notes.models import Revision
from show.models import Redirect

pytestmark = pytest.mark.django_db


@pytest.fixture
def episode(db: None) -> Episode:
    factories.show()
    row = factories.episode(guests=["Phil Gyford", "Ann Lee"], topics=[(60, "Hello")])
    finish_edit(row, None, "test")
    return Episode.objects.get(pk=row.pk)


def address(episode: Episode) -> str:
    return reverse("desk_guests", args=[episode.pk])


def names(episode: Episode) -> list[str]:
    return [row.guest.name for row in Appearance.objects.filter(episode=episode)]


def save(client: Client, episode: Episode, **changes: Any) -> Any:
    """Post the page's form with these changes."""
    page: Any = client.get(address(episode))
    keys = [card.guest.pk for card in page.context_data["cards"]]
    return client.post(address(episode), form_data(page) | {"guest": keys} | changes)


def key(name: str) -> int:
    return Guest.objects.get(name=name).pk


def someone(*rights: str) -> Client:
    user = User.objects.create_user("helper", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = Client()
    client.force_login(user)
    return client


def test_a_card_changes_the_guest_and_the_appearance(host: Client, episode: Episode) -> None:
    phil = key("Phil Gyford")
    changes = {
        f"in-{phil}-title": "Maker of diaries",
        f"in-{phil}-role": "co-host",
        f"guest-{phil}-github": "https://github.com/philgyford",
        f"guest-{phil}-avatar": SimpleUploadedFile("phil.png", picture("PNG")),
    }
    answer = save(host, episode, **changes)
    assert answer.status_code == 302
    assert answer["Location"] == address(episode)
    row = Appearance.objects.get(episode=episode, guest=phil)
    assert (row.title, row.role) == ("Maker of diaries", "co-host")
    assert (row.guest.github, bool(row.guest.avatar)) == ("philgyford", True)
    assert Revision.objects.filter(episode=episode).count() == 2
    assert "Guests saved." in host.get(address(episode)).text


def test_a_rename_is_in_the_history_of_all_its_episodes(host: Client, episode: Episode) -> None:
    other = factories.episode("Other", 2, guests=["Phil Gyford"])
    finish_edit(other, None, "test")
    page = host.get(address(episode))
    assert f'<a href="{address(other)}" title="Other">2</a>' in page.text
    phil = key("Phil Gyford")
    save(host, episode, **{f"guest-{phil}-name": "Philip Gyford"})
    assert names(other) == ["Philip Gyford"]
    assert Revision.objects.filter(episode=other).count() == 2
    assert set(Guest.objects.get(pk=phil).names.values_list("name", flat=True)) == {
        "Phil Gyford", "Philip Gyford",
    }  # fmt: skip
    assert not Redirect.objects.exists()


def test_order_removal_and_addition(host: Client, episode: Episode) -> None:
    phil, ann = key("Phil Gyford"), key("Ann Lee")
    save(host, episode, **{f"in-{phil}-place": "1", f"in-{ann}-place": "0"})
    assert names(episode) == ["Ann Lee", "Phil Gyford"]
    save(host, episode, **{f"in-{ann}-remove": "on", "new-name": "Bob Ray", "new-title": "CTO"})
    assert names(episode) == ["Phil Gyford", "Bob Ray"]
    assert Appearance.objects.get(guest__name="Bob Ray").title == "CTO"
    save(host, episode, **{"new-guest": str(ann)})
    assert names(episode) == ["Phil Gyford", "Bob Ray", "Ann Lee"]
    # A known name, however it is written, is that guest.
    save(host, episode, **{f"in-{ann}-remove": "on", "new-name": "ann  LEE"})
    assert names(episode) == ["Phil Gyford", "Bob Ray", "Ann Lee"]
    assert Guest.objects.filter(slug__startswith="ann").count() == 1


MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"new-guest": "PHIL"}, "Phil Gyford is a guest of this episode already."),
    ({"new-name": "phil gyford"}, "Phil Gyford is a guest of this episode already."),
    ({"new-guest": "PHIL", "new-name": "Bob"}, "Choose a guest or enter a name, not both."),
    ({"new-guest": "99999999999999999999"}, "This is not among the choices any more."),
    ({"new-name": "…"}, "A name needs a letter or digit."),
    ({"new-name": "Bob and Ann"}, "name"),
    ({"new-title": "CTO"}, "Choose the guest, or enter a name."),
    ({"guest-PHIL-name": "Ann Lee"}, "already names a guest"),
    ({"guest-PHIL-github": "a b c"}, "A username has letters"),
    ({"guest-PHIL-website": "javascript:alert(1)"}, "Enter a web address such as"),
    ({"guest-PHIL-name": ""}, "Fill this in."),
    ({"in-PHIL-role": ""}, "Fill this in."),
    ({"guest-PHIL-avatar": SimpleUploadedFile("a.png", b"no")}, "image"),
]  # fmt: skip


def test_a_refusal_saves_nothing(host: Client, episode: Episode, subtests: pytest.Subtests) -> None:
    phil, ann = str(key("Phil Gyford")), key("Ann Lee")
    for changes, message in MISTAKES:
        with subtests.test(message):
            sent = {
                name.replace("PHIL", phil): value.replace("PHIL", phil)
                if isinstance(value, str)
                else value
                for name, value in changes.items()
            }
            answer = save(host, episode, **sent, **{f"in-{ann}-title": "Typed"})
            assert answer.status_code == 200
            assert message in answer.text
            assert 'value="Typed"' in answer.text
            assert Revision.objects.filter(episode=episode).count() == 1
            assert not Appearance.objects.exclude(title="").exists()


def test_others_changes_of_the_guests_are_a_conflict_once(host: Client, episode: Episode) -> None:
    page, phil, ann = host.get(address(episode)), key("Phil Gyford"), key("Ann Lee")
    data = form_data(page) | {"guest": [phil, ann], f"in-{phil}-title": "Mine"}
    Appearance.objects.filter(guest=ann, episode=episode).delete()
    finish_edit(Episode.objects.get(pk=episode.pk), None, "desk")
    refused = host.post(address(episode), data)
    assert refused.status_code == 200
    assert "saved this while you were editing it" in refused.text
    assert names(episode) == ["Phil Gyford"]
    again = form_data(refused) | {"guest": [phil, ann]}
    assert again[f"in-{phil}-title"] == "Mine"
    assert host.post(address(episode), again).status_code == 302
    assert names(episode) == ["Phil Gyford", "Ann Lee"]


def test_others_changes_elsewhere_in_the_episode_are_none(host: Client, episode: Episode) -> None:
    page, phil, ann = host.get(address(episode)), key("Phil Gyford"), key("Ann Lee")
    Episode.objects.filter(pk=episode.pk).update(summary="Otherwise")
    finish_edit(Episode.objects.get(pk=episode.pk), None, "desk")
    data = form_data(page) | {"guest": [phil, ann], f"in-{phil}-title": "Mine"}
    assert host.post(address(episode), data).status_code == 302
    assert Episode.objects.get().summary == "Otherwise"


def test_a_guest_changed_by_others_is_a_conflict_only_if_changed_here(
    host: Client, episode: Episode
) -> None:
    phil, ann = key("Phil Gyford"), key("Ann Lee")
    data = form_data(host.get(address(episode))) | {"guest": [phil, ann]}
    Guest.objects.filter(pk=phil).update(website="https://gyford.com/")
    answer = host.post(address(episode), data | {f"guest-{ann}-github": "annlee"})
    assert answer.status_code == 302
    assert Guest.objects.get(pk=phil).website == "https://gyford.com/"  # not the stale value
    refused = host.post(address(episode), data | {f"guest-{phil}-github": "philgyford"})
    assert "saved this while you were editing it" in refused.text
    assert Guest.objects.get(pk=phil).github == ""


def test_what_others_added_or_removed_meanwhile_stays_sensible(
    host: Client, episode: Episode
) -> None:
    """Guests whom the form doesn't know stay, behind the others."""
    phil, ann = key("Phil Gyford"), key("Ann Lee")
    data: dict[str, Any] = form_data(host.get(address(episode))) | {"guest": [ann]}
    assert host.post(address(episode), data).status_code == 302
    assert names(episode) == ["Ann Lee", "Phil Gyford"]
    data |= {"guest": [str(phil), str(phil), "x", "-1", "99999999999", "٣", "123456"]}
    assert host.post(address(episode), data).status_code == 302
    assert names(episode) == ["Phil Gyford", "Ann Lee"]


def test_rights(host: Client, episode: Episode) -> None:
    reader = someone("view_episode")
    page = reader.get(address(episode))
    assert "Phil Gyford" in page.text
    assert 'name="guest"' not in page.text
    assert 'form="guests_form"' not in page.text
    assert "Add a guest" not in page.text
    assert reader.post(address(episode)).status_code == 403
    assert Client().get(address(episode)).status_code == 302


def test_who_may_only_change_episodes_changes_nobodys_profile(episode: Episode) -> None:
    client, phil = someone("change_episode", "publish_episode"), key("Phil Gyford")
    page = client.get(address(episode)).text
    assert f'name="in-{phil}-title"' in page
    assert f'name="guest-{phil}-name"' not in page
    assert 'name="new-name"' not in page
    changes = {f"in-{phil}-title": "CTO", f"guest-{phil}-name": "Mallory", "new-name": "New"}
    assert save(client, episode, **changes).status_code == 302
    assert names(episode) == ["Phil Gyford", "Ann Lee"]
    assert Appearance.objects.get(guest=phil).title == "CTO"


def test_who_keeps_the_guests_leaves_the_episode_alone(episode: Episode) -> None:
    client, phil = someone("view_episode", "change_guest"), key("Phil Gyford")
    changes = {
        f"guest-{phil}-github": "phil", f"in-{phil}-title": "CTO", f"in-{phil}-remove": "on",
        "new-name": "New",
    }  # fmt: skip
    assert save(client, episode, **changes).status_code == 302
    assert names(episode) == ["Phil Gyford", "Ann Lee"]
    assert Guest.objects.get(pk=phil).github == "phil"
    assert Appearance.objects.get(guest=phil).title == ""


def test_an_episode_in_the_bin_has_no_cards(host: Client, episode: Episode) -> None:
    host.post(reverse("admin:episodes_episode_delete", args=[episode.pk]), {"post": "yes"})
    assert host.get(address(episode)).status_code == 404
    assert host.post(address(episode)).status_code == 404


def test_five_guests_cost_as_many_queries_as_two(
    host: Client, episode: Episode, django_assert_num_queries: Any
) -> None:
    host.get(address(episode))
    with django_assert_num_queries(9) as counted:
        host.get(address(episode))
    factories.episode("Many", 2, guests=[f"Guest {number}" for number in range(5)])
    many = Episode.objects.get(number=2)
    with django_assert_num_queries(len(counted)):
        host.get(address(many))
