"""Signing in costs public pages nothing."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from episodes.tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/", "/podcast/", "/podcast/feed.xml", "/search?q=redis"])
def test_no_query_and_no_cookie_more_for_somebody_signed_in(
    client: Client, host: Client, path: str
) -> None:
    factories.show()
    factories.episode("Redis", 1)
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as anonymous:
        page = client.get(path)
    with CaptureQueriesContext(connection) as signed_in:
        same = host.get(path)
    assert len(signed_in) == len(anonymous)
    assert not [each for each in signed_in.captured_queries if "session" in each["sql"]]
    assert not page.cookies
    assert not same.cookies
    assert "Cookie" not in page.headers.get("Vary", "")
