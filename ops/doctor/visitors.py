"""Whether limits and counts see visitors, or a CDN or load balancer before them.

The doctor requests the site as visitors do, and the site answers with what it received. Only
whoever has SECRET_KEY is told.
"""

import http.client
import json
from collections.abc import Iterator, Mapping

from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest

from accounts.throttling import client_address, normal_address
from ops.doctor.diagnosis import Diagnosis
from ops.doctor.proxy import get

ASKED, TOLD = "X-Doctor", "X-Doctor-Received"
SECONDS = 60
SALT = "ops.doctor.visitors"
# In these, a CDN or load balancer names the client.
CLIENT = ("CF-Connecting-IP", "True-Client-IP", "Fastly-Client-IP", "X-Real-IP")
RECEIVED = "X-Received-Forwarded-For"  # X-Forwarded-For as it reached our nginx
CHAIN = "X-Forwarded-For"


def received(request: HttpRequest) -> str:
    """The proxies' headers of a doctor's request, and whom the site takes for the visitor."""
    try:
        TimestampSigner(salt=SALT).unsign(request.headers.get(ASKED, ""), max_age=SECONDS)
    except BadSignature:
        return ""
    names = (*CLIENT, RECEIVED, CHAIN, "Via")
    found = {name: request.headers[name] for name in names if name in request.headers}
    return json.dumps(found | {"visitor": client_address(request)})


def visitors() -> Iterator[Diagnosis]:
    try:
        _, headers = get("/health", **{ASKED: TimestampSigner(salt=SALT).sign("visitors")})
        found = json.loads(headers.get(TOLD, ""))
    except (OSError, http.client.HTTPException, ValueError):  # “Proxy” says so
        return
    visitor = found["visitor"]
    if sign := untrusted(found):
        text = f"count as {visitor}, a proxy that isn't trusted, as {sign} shows"
        remedy = "name its ranges: “A CDN in front” in docs/domains.md"
        yield Diagnosis("Visitors", text, remedy)
    else:
        yield Diagnosis("Visitors", f"are told apart; this one is {visitor}")


def untrusted(found: Mapping[str, str]) -> str:
    """The header which shows that the visitor is really a proxy; else nothing."""
    visitor = found["visitor"]
    for name in CLIENT:
        if name in found and normal_address(found[name]) != visitor:
            return name
    # Our nginx passes on only one address.
    chain = [normal_address(each) for each in found.get(RECEIVED, found.get(CHAIN, "")).split(",")]
    if chain == [""]:
        return ""
    if visitor not in chain or (len(chain) > 1 and visitor == chain[-1] != chain[0]):
        return CHAIN
    proxies = [each for each in found.get("Via", "").split(",") if "caddy" not in each.lower()]
    # Caddy passes the addresses of a trusted proxy on, and only its own client's otherwise.
    return "Via" if any(proxies) and RECEIVED in found and len(chain) == 1 else ""
