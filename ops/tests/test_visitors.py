"""Which headers show that the site takes a proxy for its visitors."""

import pytest
from django.test import Client

from ops.doctor.visitors import untrusted

ANN, EDGE = "203.0.113.1", "198.51.100.7"
VIA = "1.1 varnish"


@pytest.mark.parametrize(
    ("visitor", "headers", "sign"),
    [
        (ANN, {}, ""),  # ./run serve
        (ANN, {"X-Forwarded-For": ANN}, ""),  # nginx, or a platform
        (ANN, {"X-Forwarded-For": ANN, "Via": "1.1 vegur"}, ""),
        (ANN, {"X-Received-Forwarded-For": ANN, "X-Forwarded-For": ANN}, ""),  # Caddy
        (ANN, {"X-Received-Forwarded-For": ANN, "Via": "2.0 Caddy"}, ""),
        (ANN, {"X-Received-Forwarded-For": f"{ANN}, {EDGE}", "CF-Connecting-IP": ANN}, ""),
        (ANN, {"X-Received-Forwarded-For": f"{ANN}, {EDGE}", "Via": VIA}, ""),
        (ANN, {"X-Received-Forwarded-For": f"{ANN}, 10.0.0.1, 10.0.0.2"}, ""),
        ("2001:db8:1:2::/64", {"CF-Connecting-IP": "2001:db8:1:2::9"}, ""),
        (EDGE, {"X-Received-Forwarded-For": EDGE, "CF-Connecting-IP": ANN}, "CF-Connecting-IP"),
        (EDGE, {"X-Received-Forwarded-For": EDGE, "Via": VIA}, "Via"),
        (EDGE, {"X-Received-Forwarded-For": EDGE, "Via": f"2.0 Caddy, {VIA}"}, "Via"),
        (EDGE, {"X-Received-Forwarded-For": ANN}, "X-Forwarded-For"),  # nginx before no Caddy
        (EDGE, {"X-Received-Forwarded-For": f"{ANN}, {EDGE}"}, "X-Forwarded-For"),
        (EDGE, {"X-Forwarded-For": f"{ANN}, {EDGE}"}, "X-Forwarded-For"),  # a platform
        ("10.0.0.9", {"X-Forwarded-For": ANN}, "X-Forwarded-For"),  # without TRUST_PROXY
    ],
)
def test_what_a_request_shows(visitor: str, headers: dict[str, str], sign: str):
    assert untrusted({"visitor": visitor} | headers) == sign


@pytest.mark.parametrize("asked", ["", "visitors", "visitors:1tH:forged"])
def test_strangers_are_told_nothing(db, asked: str):
    response = Client().get("/health", headers={"X-Doctor": asked, "X-Real-IP": "1.2.3.4"})
    assert response.status_code == 200
    assert "X-Doctor-Received" not in response.headers
