"""Signing in, beyond Django's own users and groups."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models


class SignInAttempts(models.Model):
    """Recent sign-in attempts under one name from one address.

    By both together, so that strangers lock out only themselves.
    """

    name = models.CharField(max_length=150)
    address = models.CharField(max_length=50)
    count = models.PositiveIntegerField()
    first_at = models.DateTimeField(db_index=True)

    class Meta:
        # Tables keep their version 1 name: the former code answers on them.
        db_table = "desk_attempts"
        constraints = [models.UniqueConstraint(fields=["name", "address"], name="attempts_once")]

    def __str__(self) -> str:
        return f"{self.count} as {self.name} from {self.address}"


class SecondStep(models.Model):
    """A user's authenticator app (RFC 6238) and recovery codes.

    The secret isn't encrypted: whoever can read it here could replace it as well.
    """

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

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "desk_signinlink"

    def __str__(self) -> str:
        return f"Link for {self.user} until {self.expires_at}"
