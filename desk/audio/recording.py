"""A recording that was handed in, read, and not yet made an episode's."""

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


class Gone(ValueError):
    """What a link says was handed in isn't there any more."""


class Unreadable(OSError):
    """An address elsewhere could not be read, and why."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A stored file that is no episode's yet, or an address; `called` is what the host knows it as.

    `bytes` and `seconds` may be unknown (None) of an address that could not be read.
    """

    type: str
    bytes: int | None = None
    seconds: int | None = None
    doubt: str = ""
    file: str = ""
    url: str = ""
    called: str = ""

    @classmethod
    def of(cls, sound: AudioInfo, **where: str) -> "Recording":
        return cls(sound.type, sound.bytes, sound.seconds, sound.doubt, **where)

    def token(self, episode: Episode) -> str:
        """For the pages on which it is looked at, before it is taken."""
        return signing.dumps([episode.pk, asdict(self)], salt=SALT, compress=True)


def recording_from(token: str, episode: Episode) -> Recording:
    """The recording that a page was opened for. Raises Gone, and OSError."""
    try:
        key, values = signing.loads(token, salt=SALT, max_age=UPLOAD_LIFETIME)
    except signing.BadSignature as error:
        raise Gone("This link isn’t whole, or older than a day.") from error
    recording = Recording(**values)
    if key != episode.pk or (recording.file and not default_storage.exists(recording.file)):
        raise Gone("The recording isn’t there any more.")
    return recording


def read_upload(file: UploadedFile) -> AudioInfo:
    """What an upload is. Raises NotAudio."""
    return probe(file, file.size or 0)


def read_address(url: str) -> AudioInfo:
    """What there is at an address. Raises NotAudio, and Unreadable where there is no telling."""
    try:
        remote = RemoteFile(url)
        return probe(remote, remote.size)
    except FetchError as error:
        raise Unreadable(str(error)) from error


def wrong_ending(name: str, kind: str) -> str:
    """Why an address of this name can't lead to such audio; nothing if it can."""
    others = tuple(ending for other, ending in AUDIO_ENDINGS.items() if other != kind)
    if not name.lower().endswith(others):
        return ""
    return (
        f"The address of the episode’s audio ends in {name}, and apps go by that. Hand in a "
        f"recording of that type; before publication you may change the name instead."
    )


def doubts(episode: Episode, recording: Recording) -> list[str]:
    """What the host should look at before this is published. Nothing of it keeps it back."""
    found = [recording.doubt] if recording.doubt else []
    last = Topic.objects.filter(episode=episode).last()
    if last and recording.seconds is not None and last.seconds >= recording.seconds:
        found.append(
            f"It ends at {format_timecode(recording.seconds)}, but the last topic begins at "
            f"{last.time}: “{last.plain}”."
        )
    return found


def hold(file: UploadedFile, sound: AudioInfo, episode: Episode) -> Recording:
    """Store an upload that isn't the episode's yet. Raises OSError."""
    known = Enclosure.objects.filter(episode=episode).first()
    name = known.name if known else enclosure_name(episode, new_name(episode, sound.type))
    file.seek(0)
    return Recording.of(sound, file=store_pending_upload(file, name), called=file.name or "")


def new_name(episode: Episode, kind: str) -> str:
    """The end of the address of an episode's first recording: 37-a-real-estate-system.mp3."""
    return f"{episode.slug[:90]}{AUDIO_ENDINGS.get(kind, '')}"


def take(episode: Episode, recording: Recording) -> Enclosure:
    """Make it the episode's, at the address it has. In a transaction that ends in finish_edit."""
    audio = Enclosure.objects.filter(episode=episode).first() or Enclosure(episode=episode)
    audio.name = audio.name or enclosure_name(episode, new_name(episode, recording.type))
    audio.file, audio.url = recording.file, recording.url
    audio.bytes, audio.seconds, audio.type = recording.bytes, recording.seconds, recording.type
    audio.chapters_due = bool(recording.file)
    audio.save()
    return audio
