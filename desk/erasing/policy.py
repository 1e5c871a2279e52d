"""What erasing a guest's name does to each column that can say something about a person.

A test fails for a text column of any model, and for any column of `Guest`, `GuestName` and
`Appearance`, that is missing here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import Field, QuerySet
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp_webauthn.models import (
    WebAuthnAttestation,
    WebAuthnCredential,
    WebAuthnUserHandle,
)

from accounts.models import (
    DeskSession,
    SecondStep,
    SecurityEvent,
    SignInAttempts,
    SignInLink,
)
from desk.models import Deletion, GuestComment, GuestSubmission, PreviewLink, TextTemplate
from episodes.models import (
    Appearance,
    DiscardedFile,
    Enclosure,
    Episode,
    LibraryUse,
    Mention,
    Reference,
    SocialCard,
    Sponsor,
)  # fmt: skip
from feeds.models import HubNotification
from guests.models import Guest, GuestName
from linkcheck.models import Link
from notes.models import ImportBase, Revision
from ops.models import (
    BackupRecord,
    DailyFigure,
    EpisodeFigure,
    Installation,
    JobRun,
    Listener,
    ListenerSalt,
    LogPosition,
    LogRead,
)
from pages.models import DailySearch
from search.models import (
    Content,
    Document,
    GuestWanted,
    Passage,
    Question,
    SynonymGroup,
    Word,
    ZeroResultQuery,
)
from show.models import (
    CallToAction,
    ClockReading,
    FollowLink,
    Highlight,
    Page,
    Promotion,
    Redirect,
    Show,
    VersionBump,
)
from stack.models import Library, LibraryAddress, Technology, TechnologyName
from topics.models import Cue, CueCorrection, Topic, Transcript, TranscriptVersion


class Treatment(Enum):
    """Erased or rewritten, and how."""

    # In the rows of GUEST_ROWS; in other rows these columns are rewritten.
    ERASED = "set to the column's default"
    RENAMED = "set to the new name"
    ROW_ERASED = "deleted with the row"
    # In all rows.
    REWRITTEN = "the name replaced by the new one; a stored file is renamed, too"
    REWRITTEN_ADDRESS = "the name replaced by the new one's slug"
    REWRITTEN_KEY = "the name replaced, then normalised as names are compared"
    NEW_GUID = "replaced by a new GUID, if it holds the name"
    CLEARED = "emptied, if it holds the name"
    MATCH_DELETED = "the row deleted, if it holds the name"
    SEALED = "replaced by a digest that still redirects (desk.erasing.redirects)"
    REBUILT = "rebuilt from the other tables"
    EXPIRING = "left: the row is deleted by itself, within weeks at most"


@dataclass(frozen=True)
class Retained:
    """Neither erased nor rewritten, and why that is right."""

    reason: str


Policy = Treatment | Retained
ERASED, RENAMED, ROW_ERASED = Treatment.ERASED, Treatment.RENAMED, Treatment.ROW_ERASED
REWRITTEN, REBUILT = Treatment.REWRITTEN, Treatment.REBUILT
ADDRESS, KEY = Treatment.REWRITTEN_ADDRESS, Treatment.REWRITTEN_KEY
LINK = Retained("which rows belong together, not who they are about")
CODE = Retained("a value from a fixed list, a language code or a number")
RANDOM = Retained("random, or a digest that nobody can undo")

COLUMNS: dict[type[Any], dict[Policy, str]] = {
    # About the guest: every column.
    Guest: {
        RENAMED: "name slug",
        ERASED: "pronunciation website website_href twitter github mastodon bluesky linkedin "
        "youtube avatar avatar_source introduction introduction_html renditions focal_x focal_y",
        CODE: "renderer",
    },
    GuestName: {ROW_ERASED: "name", KEY: "normalised", LINK: "guest"},
    Appearance: {ERASED: "role title", LINK: "episode guest position"},
    # Revisions and draft texts also lose the guest's titles and roles (desk.erasing.notes).
    Revision: {REWRITTEN: "source notes facts beside"},
    # Without a base, the next import leaves the row as it is: the name doesn't come back.
    ImportBase: {
        Treatment.MATCH_DELETED: "notes facts key",
        CODE: "source table",
        RANDOM: "unsettled",
    },
    Episode: {
        REWRITTEN: "title summary introduction introduction_html image image_url notice "
        "notice_html correction draft_text",
        ADDRESS: "slug",
        Treatment.NEW_GUID: "guid",
        CODE: "kind type status language",
        RANDOM: "renditions",
    },
    Cue: {RENAMED: "speaker", REWRITTEN: "text identifier", CODE: "settings language"},
    CueCorrection: {REWRITTEN: "was_text was_speaker text speaker before_text before_speaker"},
    Transcript: {CODE: "language source_format"},
    # Versions also lose whatever their guest was called as a speaker (desk.erasing.transcripts).
    TranscriptVersion: {REWRITTEN: "cues", CODE: "language source_format"},
    Topic: {REWRITTEN: "text html plain"},
    Reference: {REWRITTEN: "url label note"},
    LibraryUse: {REWRITTEN: "url label note"},
    Mention: {ADDRESS: "path"},
    Sponsor: {REWRITTEN: "name url text text_html"},
    # Without its former address in the feed, a recording gets its own.
    Enclosure: {
        REWRITTEN: "file url",
        Treatment.CLEARED: "imported_url",
        ADDRESS: "name",
        CODE: "type",
        RANDOM: "chapters_written",
    },
    SocialCard: {REWRITTEN: "file", ADDRESS: "key"},
    DiscardedFile: {Treatment.EXPIRING: "name"},
    # What the host writes and sets.
    PreviewLink: {ERASED: "recipient", RANDOM: "token"},
    GuestSubmission: {ROW_ERASED: "value before", CODE: "field state"},
    GuestComment: {ROW_ERASED: "text"},
    TextTemplate: {REWRITTEN: "name text", CODE: "outlet shipped"},
    Deletion: {
        Treatment.MATCH_DELETED: "name rows",
        REWRITTEN: "deleted_by",
        CODE: "model",
        LINK: "emptied",
    },
    Page: {REWRITTEN: "title description body body_html", ADDRESS: "slug"},
    Redirect: {Treatment.SEALED: "old_path new_path"},
    FollowLink: {REWRITTEN: "name url"},
    Promotion: {REWRITTEN: "title url text text_html"},
    Highlight: {ADDRESS: "path"},
    CallToAction: {REWRITTEN: "label text url", CODE: "purpose"},
    Show: {
        REWRITTEN: "title tagline description website author owner_name owner_email copyright "
        "keywords artwork artwork_url interviews_title interviews_description repository "
        "support_text support_html new_feed_url enclosure_prefix hub further_tags verifications",
        CODE: "language timezone type categories update_frequency update_rule dismissed",
        RANDOM: "podcast_guid renditions",
    },
    Technology: {REWRITTEN: "name homepage title introduction introduction_html",
                 ADDRESS: "slug", CODE: "category"},
    TechnologyName: {REWRITTEN: "name", KEY: "normalised"},
    Library: {REWRITTEN: "name url", ADDRESS: "slug"},
    LibraryAddress: {ADDRESS: "key"},
    Question: {REWRITTEN: "title query introduction introduction_html", ADDRESS: "slug"},
    GuestWanted: {REWRITTEN: "subject"},
    SynonymGroup: {REWRITTEN: "words queries"},
    # What programs note down.
    LogEntry: {RENAMED: "object_repr", ERASED: "change_message", CODE: "object_id"},
    ZeroResultQuery: {Treatment.MATCH_DELETED: "query"},
    DailySearch: {Treatment.MATCH_DELETED: "query"},
    DailyFigure: {Treatment.MATCH_DELETED: "name", CODE: "kind"},
    HubNotification: {ADDRESS: "path", REWRITTEN: "state reason"},
    BackupRecord: {REWRITTEN: "problem", RANDOM: "name"},
    Link: {REBUILT: "url reason places"},
    Document: {REBUILT: "vector words"},
    Content: {REBUILT: "vector"},
    Passage: {REBUILT: "text vector", CODE: "source"},
    Word: {REBUILT: "word stem deletes"},
    # Accounts. Erasing stops while one has the name (desk.erasing.occurrences.blockers).
    User: {REWRITTEN: "username first_name last_name email", RANDOM: "password"},
    SignInAttempts: {RANDOM: "name", CODE: "address"},
    SecurityEvent: {REWRITTEN: "name detail", CODE: "kind address"},
    DeskSession: {Treatment.EXPIRING: "session_data", RANDOM: "session_key"},
    WebAuthnCredential: {REWRITTEN: "name", CODE: "credential_type transports aaguid",
                         RANDOM: "credential_id credential_id_sha256 public_key"},
    Group: {REWRITTEN: "name"},
    Session: {Treatment.EXPIRING: "session_data", RANDOM: "session_key"},
}  # fmt: skip

NOT_ABOUT_PEOPLE: dict[type[Any], str] = {
    Permission: "named by Django for each model",
    ContentType: "names of models",
    SecondStep: "secrets and hashes of an account",
    TOTPDevice: "secrets of an account",
    StaticDevice: "secrets of an account",
    StaticToken: "hashes of an account",
    WebAuthnAttestation: "keys of an account",
    WebAuthnUserHandle: "random bytes of an account",
    SignInLink: "hashes of links that end within days",
    VersionBump: "keys of episodes, until the transaction ends",
    Installation: "a random key",
    ClockReading: "readings of the clock",
    EpisodeFigure: "names of apps and devices",
    Listener: "digests nobody can undo, and ranges of bytes",
    ListenerSalt: "random bytes",
    LogRead: "paths of logs on the server, and digests",
    JobRun: "when jobs ended, and why one failed",
    LogPosition: "paths of logs on the server, and digests",
}

# The rows that are about one guest, whatever words they hold.
GUEST_ROWS: Mapping[type[Any], Callable[[Guest], QuerySet[Any]]] = {
    Guest: lambda guest: Guest.objects.filter(pk=guest.pk),
    GuestName: lambda guest: guest.names.all(),
    Appearance: lambda guest: guest.appearances.all(),
    Cue: lambda guest: guest.cues.all(),
    PreviewLink: lambda guest: PreviewLink.objects.filter(
        episode__in=guest.appearances.values("episode")
    ),
    GuestSubmission: lambda guest: GuestSubmission.objects.filter(link__guest=guest),
    GuestComment: lambda guest: GuestComment.objects.filter(link__guest=guest),
    LogEntry: lambda guest: LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Guest), object_id=str(guest.pk)
    ),
}


def policies(model: type[Any]) -> dict[str, Policy]:
    """The policy of each declared field of a model."""
    declared = COLUMNS.get(model, {}).items()
    return {name: policy for policy, names in declared for name in names.split()}


def policy_of(field: "Field[Any, Any] | None") -> Policy:
    """Columns without a field are rewritten: an older version may have left them behind."""
    if field is None:
        return REWRITTEN
    if field.model in NOT_ABOUT_PEOPLE:
        return Retained(NOT_ABOUT_PEOPLE[field.model])
    return policies(field.model).get(field.name, REWRITTEN)
