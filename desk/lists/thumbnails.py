"""The small picture that begins a row of a list. No query, no request to the storage."""

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from episodes.models import Episode
from guests.models import Guest
from pages.templatetags.formatting import icon
from pages.templatetags.pictures import sources
from stack.models import Technology

SIZE = 40  # pixels
NO_PICTURE = SafeString('<span class="avatar" aria-hidden="true"></span>')


def face(guest: Guest) -> SafeString:
    """The guest's photo, else the initials."""
    return render_to_string("parts/avatar.html", {"guest": guest, "size": SIZE})


def episode_picture(episode: Episode) -> SafeString:
    """The face of the first guest, else the episode's cover. Asks for fetched appearances."""
    guests = [appearance.guest for appearance in episode.appearances.all()]
    if pictured := next((guest for guest in guests if guest.avatar), None):
        return face(pictured)
    if episode.image:
        return format_html(
            '<img class="avatar square" {} alt="" loading="lazy">', sources(episode, SIZE)
        )
    return face(guests[0]) if guests else NO_PICTURE


def technology_icon(technology: Technology) -> SafeString:
    return icon(technology.name, technology.slug)
