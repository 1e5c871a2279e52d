"""Errors and slow requests to Sentry, when SENTRY_DSN is set. It gets no personal data."""

import random
from collections.abc import Callable
from datetime import datetime
from typing import Any

import sentry_sdk
from sentry_sdk.integrations.django import DjangoIntegration

from podcast.logs import request_id, without_secrets

# Of a request, only which page it was: no query, headers, cookies or address.
TOLD = ("url", "method")

Hook = Callable[[Any, dict[str, Any]], Any]


def start_sentry(dsn: str, release: str, share: float, slow_seconds: float) -> None:
    """Report errors to `dsn`; does nothing when it is empty.

    Timings go there of requests that took `slow_seconds` or more, and of this share of the
    others, 0 to 1. With 0 seconds nothing is slow: a share of all is timed, and the rest isn't.
    """
    if not dsn:
        return
    sentry_sdk.init(
        dsn=dsn,
        release=release,
        traces_sample_rate=1.0 if slow_seconds else share,
        integrations=[
            DjangoIntegration(middleware_spans=False, signals_spans=False, cache_spans=False)
        ],
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        max_breadcrumbs=0,  # they repeat log records, with the queries of earlier requests
        before_send=without_person,
        before_send_transaction=slow_ones(slow_seconds, share) if slow_seconds else without_person,
    )


def without_person(event: Any, hint: dict[str, Any]) -> Any:
    """The event without what tells who asked, and what they searched for."""
    request = event.get("request", {})
    event["request"] = {name: request[name] for name in TOLD if name in request}
    event.pop("user", None)
    # The request again, written out with its query by the log record of the error.
    event.get("extra", {}).pop("request", None)
    if number := request_id.get():
        event.setdefault("tags", {})["request_id"] = number
    return masked(event)


def masked(value: Any) -> Any:
    """The same without secret addresses, however deep they lie."""
    if isinstance(value, str):
        return without_secrets(value)
    if isinstance(value, dict):
        return {name: masked(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [masked(each) for each in value]
    return value


def slow_ones(seconds: float, share: float) -> Hook:
    """Lets timings pass that took so long, and a share of the others."""

    def pass_on(event: Any, hint: dict[str, Any]) -> Any:
        began, ended = map(datetime.fromisoformat, (event["start_timestamp"], event["timestamp"]))
        is_slow = (ended - began).total_seconds() >= seconds
        if not is_slow and random.random() >= share:  # noqa: S311
            return None
        return without_person(event, hint)

    return pass_on
