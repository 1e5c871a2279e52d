"""Errors to Sentry, when SENTRY_DSN is set. No personal data leaves the machine."""

from typing import Any

import sentry_sdk
from sentry_sdk.integrations.django import DjangoIntegration

# Of a request, only which page it was: no query, headers, cookies or address.
TOLD = ("url", "method")


def start_sentry(dsn: str, release: str, traces_sample_rate: float) -> None:
    """Report errors to `dsn`; does nothing when it is empty."""
    if not dsn:
        return
    sentry_sdk.init(
        dsn=dsn,
        release=release,
        traces_sample_rate=traces_sample_rate,
        integrations=[DjangoIntegration()],
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        max_breadcrumbs=0,  # they repeat log records, with the queries of earlier requests
        before_send=without_person,
        before_send_transaction=without_person,
    )


def without_person(event: Any, hint: dict[str, Any]) -> Any:
    """The event without what tells who asked, and what they searched for."""
    request = event.get("request", {})
    event["request"] = {name: request[name] for name in TOLD if name in request}
    event.pop("user", None)
    # The request again, written out with its query by the log record of the error.
    event.get("extra", {}).pop("request", None)
    return event
