"""Errors and slow requests go to Sentry. Imported only where SENTRY_DSN is set."""

import random
from collections.abc import Callable
from datetime import datetime
from typing import Any

import sentry_sdk
from django.http.request import split_domain_port, validate_host
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.logging import ignore_logger

from podcast.logs import masked, request_id

REQUEST_FIELDS = ("url", "method")  # no query, headers, cookies or address

Hook = Callable[[Any, dict[str, Any]], Any]


def start_sentry(
    dsn: str, release: str, hosts: list[str], share: float, slow_seconds: float
) -> None:
    """Report errors to `dsn`, without personal data.

    Requests of `slow_seconds` or more are traced, and this share, 0 to 1, of the others. With 0
    seconds only the share is. Requests for other hosts than these, such as a scanner's, cost
    nothing.
    """
    ignore_logger("django.security.DisallowedHost")
    sentry_sdk.init(
        dsn=dsn,
        release=release,
        traces_sampler=only_for(hosts, 1.0 if slow_seconds else share),
        integrations=[
            DjangoIntegration(middleware_spans=False, signals_spans=False, cache_spans=False)
        ],
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        max_breadcrumbs=0,  # they repeat log records, including earlier requests' queries
        before_send=anonymised,
        before_send_transaction=slow_only(slow_seconds, share) if slow_seconds else anonymised,
    )


def only_for(hosts: list[str], share: float) -> Callable[[dict[str, Any]], float]:
    """A sampler that traces this share of the requests for these hosts, whatever clients ask."""

    def sampler(context: dict[str, Any]) -> float:
        given = context.get("wsgi_environ", {}).get("HTTP_HOST")
        is_ours = given is None or validate_host(split_domain_port(given)[0], hosts)
        return share if is_ours else 0.0

    return sampler


def anonymised(event: Any, hint: dict[str, Any]) -> Any:
    """The event without who sent the request, and what they searched for."""
    request = event.get("request", {})
    event["request"] = {name: request[name] for name in REQUEST_FIELDS if name in request}
    event.pop("user", None)
    # The error's log record repeats the request with its query.
    event.get("extra", {}).pop("request", None)
    if own := request_id.get():
        event.setdefault("tags", {})["request_id"] = own
    return masked(event)


def slow_only(seconds: float, share: float) -> Hook:
    """A hook that passes slow traces, and a share of the others."""

    def hook(event: Any, hint: dict[str, Any]) -> Any:
        began, ended = map(datetime.fromisoformat, (event["start_timestamp"], event["timestamp"]))
        is_slow = (ended - began).total_seconds() >= seconds
        if not is_slow and random.random() >= share:  # noqa: S311
            return None
        return anonymised(event, hint)

    return hook
