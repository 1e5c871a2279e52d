"""Errors to Sentry, when SENTRY_DSN is set. No personal data leaves the machine."""

import sentry_sdk
from sentry_sdk.integrations.django import DjangoIntegration


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
    )
