"""A catalogue as plain values, by natural keys, and how to empty the database of it."""

from typing import Any

from django.apps import apps
from django.db import connection, models

# Why a model's rows aren't in an export. Every other model's are, or a test fails.
NOT_EXPORTED = {
    "auth.Permission": "accounts stay with the installation",
    "auth.Group": "accounts stay with the installation",
    "auth.User": "accounts stay with the installation",
    "admin.LogEntry": "who did what at the desk: accounts",
    "contenttypes.ContentType": "made by migrations",
    "sessions.Session": "who is signed in",
    "notes.Revision": "revisions tell of accounts; a new history begins",
    "notes.ImportBase": "what sources said to this installation; imports elsewhere begin anew",
    "topics.TranscriptVersion": "what revisions tell of transcripts; a new history begins",
    "topics.CueCorrection": "not saved yet, and made by accounts",
    "show.ContentVersion": "counts this database's commits",
    "show.ClockReading": "of this installation's clock",
    "show.VersionBump": "empty between transactions",
    "search.Document": "derived by search_refresh()",
    "search.Passage": "derived by search_refresh()",
    "episodes.DiscardedFile": "what is about to be removed from the storage",
    "episodes.SocialCard": "drawn from rows when they are asked for",
    "ops.BackupRecord": "the backups of this installation",
    "ops.Installation": "identifies its backups",
    "ops.DailyDownloads": "figures of this installation; a backup holds them",
    "ops.DailyFigure": "figures of this installation; a backup holds them",
    "ops.DailyMoment": "figures of this installation; a backup holds them",
    "ops.EpisodeFigure": "figures of this installation; a backup holds them",
    "ops.MonthlyDownloads": "figures of this installation; a backup holds them",
    "pages.DailySearch": "figures of this installation; a backup holds them",
    "ops.Listener": "of the last 24 hours",
    "ops.ListenerSalt": "of the last 24 hours",
    "ops.JobRun": "when this installation's jobs ended",
    "ops.LogPosition": "how far this installation's log was read",
    "ops.LogRead": "how far this installation's log was read",
    "feeds.HubNotification": "what a hub has been told of this installation",
    "search.Word": "derived by search_refresh()",
    "search.Content": "derived by search_refresh()",
    "linkcheck.Link": "how addresses answered here; they are asked anew",
    "linkcheck.LinkSurvey": "a version of this database",
    "accounts.SignInAttempts": "who tried to sign in: accounts",
    "accounts.SecondStep": "accounts stay with the installation",
    "accounts.SignInLink": "accounts stay with the installation",
    "accounts.DeskSession": "who is signed in",
    "accounts.SecurityEvent": "who signed in: accounts",
    "otp_totp.TOTPDevice": "accounts stay with the installation",
    "otp_static.StaticDevice": "accounts stay with the installation",
    "otp_static.StaticToken": "accounts stay with the installation",
    "django_otp_webauthn.WebAuthnCredential": "accounts stay with the installation",
    "django_otp_webauthn.WebAuthnAttestation": "accounts stay with the installation",
    "django_otp_webauthn.WebAuthnUserHandle": "accounts stay with the installation",
    "desk.PreviewLink": "links of this installation, for some days",
    "desk.Deletion": "restorable for some days, by those who deleted it here",
    "desk.GuestSubmission": "waits for the host, for some days",
    "desk.GuestComment": "waits for the host, for some days",
    "desk.TextTemplate": "how this desk words its messages; a backup holds them",
}
NATURAL = {
    "Guest": ("slug",),
    "Technology": ("slug",),
    "Library": ("slug",),
    "Episode": ("guid", "deleted_at"),
    "Transcript": ("episode",),
}
Row = dict[str, Any]


def exported_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.label not in NOT_EXPORTED]


def catalogue() -> dict[str, list[Row]]:
    """Every row of every exported model, derived columns too; keys of rows become natural ones."""
    return {model._meta.label: _rows(model) for model in exported_models()}


def _rows(model: type[models.Model]) -> list[Row]:
    rows = [_row(row) for row in model._base_manager.all()]
    return sorted(rows, key=lambda row: str(sorted(row.items())))


def _row(row: Any) -> Row:
    return {
        field.name: _natural(getattr(row, field.name))
        for field in row._meta.concrete_fields
        # How often the desk saved it: its revisions' number, and those aren't exported.
        if not field.primary_key and field.name != "edit_number"
    }


def _natural(value: Any) -> Any:
    if isinstance(value, models.Model):
        names = NATURAL[type(value).__name__]
        return tuple(_natural(getattr(value, name)) for name in names)
    if isinstance(value, models.fields.files.FieldFile):
        return value.name
    return value


def empty_database() -> None:
    """Take every row of the catalogue, and its history, away: a new installation."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for model in apps.get_models():
            if model._meta.app_label not in ("auth", "contenttypes", "admin", "sessions"):
                cursor.execute(f"DELETE FROM {model._meta.db_table}")
