"""A guest's name as a speaker in former versions of transcripts."""

from guests.models import Guest
from topics.models import TranscriptVersion
from topics.versions import cues_in


def erase_speaker(guest: Guest, name: str) -> None:
    """Give the guest's cues this name, whatever the file called the speaker."""
    for version in TranscriptVersion.objects.filter(cues__contains=[[guest.pk]]).iterator():
        version.cues = [
            cue._replace(speaker=name) if cue.guest_id == guest.pk else cue
            for cue in cues_in(version)
        ]
        version.save(update_fields=["cues"])
