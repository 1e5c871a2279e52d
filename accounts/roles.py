"""What hosts, editors and producers may do: groups that every `migrate` resets to these."""

from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Q

HOST, EDITOR, PRODUCER = "Host", "Editor", "Producer"

HOST_APPS = (
    "accounts", "auth", "desk", "episodes", "guests", "linkcheck", "notes", "search", "show",
    "stack", "topics",
)  # fmt: skip
EDITOR_APPS = ("episodes", "topics", "guests", "stack")
# Merging or erasing a guest or technology deletes a row, which is the host's decision.
HOST_ONLY = ("delete_guest", "delete_technology", "delete_library")
EDITOR_EXTRAS = (
    ("notes", "view_revision"),
    ("search", "view_zeroresultquery"),
    ("linkcheck", "view_link"),
    ("linkcheck", "change_link"),
)
# The same under the names of version 1, until version 2.0: the former code checks these during an
# update and after a way back. Hosts have them by app.
FORMER_EXTRAS = (("search", "view_miss"), ("desk", "view_link"), ("desk", "change_link"))

# Publishing is also taking offline, withdrawing and restoring, and changing what visitors see.
PUBLISH = "episodes.publish_episode"
_ROWS_OF_EPISODES = ("enclosure", "appearance", "use", "libraryuse", "reference", "sponsor")
_EDIT = ("view", "add", "change", "delete")
# Without publish_episode and delete_episode: desk.shortcuts and notes.apply hold producers to
# drafts, and desk.entities to guests and technologies that no visitor sees yet.
PRODUCER_CODENAMES = {
    "episodes": {
        "view_episode", "add_episode", "change_episode",
        *(f"{action}_{row}" for action in _EDIT for row in _ROWS_OF_EPISODES),
    },
    "topics": {f"{action}_topic" for action in _EDIT},
    "guests": {"view_guest", "add_guest", *(f"{action}_guestname" for action in _EDIT)},
    "stack": {
        "view_technology", "add_technology", "view_technologyname", "view_library", "add_library",
        *(f"{action}_libraryaddress" for action in _EDIT),
    },
    "notes": {"view_revision"},
}  # fmt: skip


def host_permissions() -> Q:
    """Everything, including accounts and the show."""
    return Q(content_type__app_label__in=HOST_APPS)


def editor_permissions() -> Q:
    """Episodes, transcripts, guests, technologies, and reports of what is wrong with them."""
    extras = Q()
    for app, codename in (*EDITOR_EXTRAS, *FORMER_EXTRAS):
        extras |= Q(content_type__app_label=app, codename=codename)
    return Q(content_type__app_label__in=EDITOR_APPS) & ~Q(codename__in=HOST_ONLY) | extras


def producer_permissions() -> Q:
    """Drafts, and adding the guests, technologies and libraries that they name."""
    permissions = Q()
    for app, codenames in PRODUCER_CODENAMES.items():
        permissions |= Q(content_type__app_label=app, codename__in=codenames)
    return permissions


def edits_drafts_only(user: Any) -> bool:
    """Whether somebody changes episodes, but only what visitors don't see.

    Who has other rights, such as changing transcripts alone, isn't bound by this.
    """
    return user.has_perm("episodes.change_episode") and not user.has_perm(PUBLISH)


def sees_episodes(user: Any) -> bool:
    """Whether drafts may be shown. As in Django's admin, who may change episodes may see them."""
    return any(user.has_perm(f"episodes.{action}_episode") for action in ("view", "change"))


def sees_people(user: Any) -> bool:
    """Whether the accounts may be listed."""
    return any(user.has_perm(f"auth.{action}_user") for action in ("view", "change"))


@transaction.atomic
def set_roles() -> None:
    """Reset the groups to the permissions above. Create other groups for other needs."""
    # Not imported above: accounts.apps imports this module before there are models.
    group_model, permission_model = apps.get_model("auth.Group"), apps.get_model("auth.Permission")
    for name, permissions in (
        (HOST, host_permissions()),
        (EDITOR, editor_permissions()),
        (PRODUCER, producer_permissions()),
    ):
        group, _ = group_model.objects.get_or_create(name=name)
        group.permissions.set(permission_model.objects.filter(permissions))
