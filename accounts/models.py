"""Signing in, beyond Django's own users and groups, and django-otp's devices."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from accounts.session_store import DeskSession

__all__ = ["DeskSession", "SecondStep", "SecurityEvent", "SignInAttempts", "SignInLink"]


class SignInAttempts(models.Model):
    """Recent attempts under one name from one address, one known browser or one session."""

    name = models.CharField(max_length=150)  # its digest
    address = models.CharField(max_length=50)
    count = models.PositiveIntegerField()
    first_at = models.DateTimeField(db_index=True)
    last_at = models.DateTimeField(null=True)

    class Meta:
        # Tables keep their version 1 name: the former code answers on them.
        db_table = "desk_attempts"
        constraints = [models.UniqueConstraint(fields=["name", "address"], name="attempts_once")]

    def __str__(self) -> str:
        return f"{self.count} from {self.address}"


class SecondStep(models.Model):
    """A second step as the former release stores it, until 2.0 (accounts.former_second_step)."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="second_step"
    )
    secret = models.CharField(max_length=64, help_text="Base32, as apps take it.")
    last_step = models.BigIntegerField(default=0, help_text="A code counts once: the last used.")
    recovery = ArrayField(models.CharField(max_length=64), default=list, help_text="Hashes.")
    wrong = models.PositiveIntegerField(default=0, help_text="Wrong codes lately, from anywhere.")
    wrong_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "desk_secondstep"

    def __str__(self) -> str:
        return f"Second step of {self.user}"


class SignInLink(models.Model):
    """A link that signs a user in once, until it expires. Only its hash is stored."""

    class LinkPurpose(models.TextChoices):
        """What its page asks for: nothing, or a new password."""

        SIGN_IN = "sign in", "sign in"
        INVITATION = "invitation", "invitation"
        PASSWORD = "password", "password"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    # The former code signs in by any of them, and asks for a second step all the same.
    purpose = models.CharField(
        max_length=20,
        choices=LinkPurpose.choices,
        default=LinkPurpose.SIGN_IN,
        db_default=LinkPurpose.SIGN_IN,
    )

    class Meta:
        db_table = "desk_signinlink"

    def __str__(self) -> str:
        return f"Link for {self.user} until {self.expires_at}"


class SecurityEvent(models.Model):
    """A line of the security log. It names users by text, so that it outlives them."""

    class EventKind(models.TextChoices):
        SIGNED_IN = "signed in", "signed in"
        REFUSED = "refused", "refused"
        DELAYED = "delayed", "delayed"
        SECOND_STEP = "second step", "second step"
        PASSWORD = "password", "password"
        ROLES = "roles", "roles"
        SESSIONS = "sessions", "sessions"
        MERGED = "merged", "merged"
        ERASED = "erased", "erased"

    at = models.DateTimeField("time", default=timezone.now, db_index=True)
    kind = models.CharField("event", max_length=20, choices=EventKind.choices)
    name = models.CharField(max_length=150, blank=True)
    address = models.CharField(max_length=50, blank=True)
    detail = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "security event"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name or 'Somebody'}: {self.kind}"
