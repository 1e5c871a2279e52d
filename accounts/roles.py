"""What hosts and editors may do: two groups, which every `migrate` sets to what stands here."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

HOST, EDITOR = "Host", "Editor"

OURS = ("auth", "desk", "episodes", "guests", "notes", "search", "show", "stack", "topics")
EDITED = ("episodes", "topics", "guests", "stack")
# To merge or erase a person or technology ends in a deletion: the host's business.
KEPT = ("delete_guest", "delete_technology", "delete_library")
EDITOR_ALSO = (
    ("notes", "view_revision"),
    ("search", "view_miss"),
    ("desk", "view_link"),
    ("desk", "change_link"),
)


def host_permissions() -> Q:
    """Everything, people and the show among it."""
    return Q(content_type__app_label__in=OURS)


def editor_permissions() -> Q:
    """Episodes and their transcripts, guests, technologies, and what is wrong with these."""
    also = Q()
    for app, codename in EDITOR_ALSO:
        also |= Q(content_type__app_label=app, codename=codename)
    return Q(content_type__app_label__in=EDITED) & ~Q(codename__in=KEPT) | also


@transaction.atomic
def set_roles() -> None:
    """Make both groups say what stands above. Other wishes want groups of their own."""
    for name, permissions in ((HOST, host_permissions()), (EDITOR, editor_permissions())):
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(Permission.objects.filter(permissions))
