"""Walking through a list of rows that lack something."""

from typing import Any

import pytest
from django.test import Client

from desk.tests.forms import form_data
from episodes.tests import factories
from guests.models import Guest

pytestmark = pytest.mark.django_db


def test_one_guest_after_the_other_gets_what_they_lack(host: Client):
    factories.show()
    Guest.objects.update(website="https://example.org")  # the host's
    amit, ben, ann = (factories.guest(name) for name in ("Amit Jain", "Ben Sassoon", "Ann Lee"))
    guests = "/admin/guests/guest/"
    list_page = host.get(f"{guests}?lacks=link").text
    address = f"{guests}{amit.pk}/change/?_changelist_filters=lacks%3Dlink"
    assert address in list_page
    seen = []
    for _ in range(3):
        page: Any = host.get(address)
        seen.append(page.context_data["original"].name)
        button = "Save, then Ann Lee" if len(seen) == 1 else "Save, then Ben Sassoon"
        assert (f'value="{button}"' in page.text) is (len(seen) < 3)
        data = form_data(page) | {"website": "https://example.org", "_next": "on"}
        address = host.post(address, data)["Location"]
    assert seen == ["Amit Jain", "Ann Lee", "Ben Sassoon"]
    assert address == f"{guests}?lacks=link"
    page = host.get(f"{guests}{ann.pk}/change/")
    assert "Save, then" not in page.text
    for odd in ("lacks%3Dx", "lacks%3Dany%26lacks%3Dphoto", "q%3Da"):
        assert host.get(f"{guests}{ben.pk}/change/?_changelist_filters={odd}").status_code == 200
