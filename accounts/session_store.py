"""Sessions in a table of their own, which says whose each is and when it was last used."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone

# In a session: when its user last proved who they are by anything, and by the second step in order
# to change it. Signing in isn't that proof, and one change uses it up.
CONFIRMED_AT, SECOND_STEP_AT = "confirmed_at", "second_step_at"
RECENT = timedelta(minutes=15)
SEEN_EVERY = timedelta(minutes=5)  # how exactly `last_seen` is recorded


class DeskSession(AbstractBaseSession):
    """A session. Its data also hold the browser and address that signed in."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="desk_sessions"
    )
    last_seen = models.DateTimeField(default=timezone.now)

    @classmethod
    def get_session_store_class(cls) -> "type[SessionStore]":
        return SessionStore


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> type[DeskSession]:
        return DeskSession

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """Every way to sign in gets a time from which the sign-in counts as recent."""
        if SESSION_KEY in data:
            data.setdefault(CONFIRMED_AT, timezone.now().timestamp())
        row: Any = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        return row

    def _get_session_from_db(self) -> Any:
        row: Any = super()._get_session_from_db()  # type: ignore[misc]
        now = timezone.now()
        if row and row.user_id and row.last_seen < now - SEEN_EVERY:
            DeskSession.objects.filter(pk=row.pk).update(last_seen=now)
        return row


def is_recent(session: Any, proof: str = CONFIRMED_AT) -> bool:
    """Whether the session's user has given this proof in the last 15 minutes."""
    return timezone.now().timestamp() - session.get(proof, 0) < RECENT.total_seconds()
