"""A recording that was uploaded or found at an address, before it becomes an episode's audio."""

from dataclasses import asdict, dataclass

from django.core import signing
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from episodes.audio_files import UPLOAD_LIFETIME, store_pending_upload
from episodes.models import Enclosure, Episode
from media.audio import AUDIO_ENDINGS, AudioInfo
from media.probe import probe
from net.client import FetchError
from net.remote import RemoteFile
from notes.write_rows import enclosure_name
from text.timecode import format_timecode
from topics.models import Topic

SALT = "desk.audio"


class UploadExpired(ValueError):
    """The token is invalid, or its file has been removed."""


class UnreadableURL(OSError):
    """A URL could not be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A stored file that belongs to no episode yet, or an address.

    `called` is the file's name on the host's computer. `bytes` and `seconds` are None for an
    address that could not be read. Tokens contain these fields by name.
    """

    type: str
    bytes: int | None = None
    seconds: int | None = None
    doubt: str = ""
    file: str = ""
    url: str = ""
    called: str = ""

    @classmethod
    def of(cls, info: AudioInfo, **source: str) -> "Recording":
        return cls(info.type, info.bytes, info.seconds, info.doubt, **source)

    def token(self, episode: Episode) -> str:
        """Carries the recording from page to page until the host confirms it."""
        return signing.dumps([episode.pk, asdict(self)], salt=SALT, compress=True)


def recording_from(token: str, episode: Episode) -> Recording:
    """The recording of a token. Raises UploadExpired, and OSError."""
    try:
        key, values = signing.loads(token, salt=SALT, max_age=UPLOAD_LIFETIME)
    except signing.BadSignature as error:
        raise UploadExpired("This link is incomplete or older than a day.") from error
    recording = Recording(**values)
    if key != episode.pk or (recording.file and not default_storage.exists(recording.file)):
        raise UploadExpired("The uploaded recording is no longer here.")
    return recording


def probe_source(source: UploadedFile | str) -> AudioInfo:
    """Read an upload or an address. Raises NotAudio, and UnreadableURL."""
    if isinstance(source, UploadedFile):
        return probe(source, source.size or 0)
    try:
        remote = RemoteFile(source)
        return probe(remote, remote.size)
    except FetchError as error:
        raise UnreadableURL(str(error)) from error


def extension_mismatch(name: str, kind: str) -> str:
    """Why a file name doesn't fit the type of audio; empty if it does."""
    others = tuple(ending for other, ending in AUDIO_ENDINGS.items() if other != kind)
    if not name.lower().endswith(others):
        return ""
    return (
        f"The address of this episode’s audio ends in {name}, and apps rely on that. Upload a "
        "recording of that type. Before publication you can change the name instead."
    )


def find_warnings(episode: Episode, recording: Recording) -> list[str]:
    """What the host should check before publication. Nothing here prevents it."""
    found = [recording.doubt] if recording.doubt else []
    last = Topic.objects.filter(episode=episode).last()
    if last and recording.seconds is not None and last.seconds >= recording.seconds:
        found.append(
            f"The recording ends at {format_timecode(recording.seconds)}, but the last topic "
            f"begins at {last.time}: “{last.plain}”."
        )
    return found


def store_upload(file: UploadedFile, info: AudioInfo, episode: Episode) -> Recording:
    """Store an upload that isn't the episode's yet. Raises OSError."""
    current = Enclosure.objects.filter(episode=episode).first()
    name = current.name if current else enclosure_name(episode, default_name(episode, info.type))
    file.seek(0)
    return Recording.of(info, file=store_pending_upload(file, name), called=file.name or "")


def default_name(episode: Episode, kind: str) -> str:
    """The file name of an episode's first recording: 37-a-real-estate-system.mp3."""
    return f"{episode.slug[:90]}{AUDIO_ENDINGS.get(kind, '')}"


def attach(episode: Episode, recording: Recording) -> None:
    """Make it the episode's audio, under its present path. The caller then calls finish_edit."""
    audio = Enclosure.objects.filter(episode=episode).first() or Enclosure(episode=episode)
    audio.name = audio.name or enclosure_name(episode, default_name(episode, recording.type))
    audio.file, audio.url = recording.file, recording.url
    audio.bytes, audio.seconds, audio.type = recording.bytes, recording.seconds, recording.type
    audio.chapters_due, audio.chapters_written = bool(recording.file), ""
    audio.save()


def recording_url(episode: Episode) -> str:
    """The recording, which plays before publication, too: its stored name is unguessable."""
    audio = getattr(episode, "enclosure", None)
    if audio is None:
        return ""
    return audio.file.url if audio.file else audio.url
