"""The people of the desk, as their page shows them, and what may be done to whom."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group, User
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp_webauthn.models import WebAuthnCredential

from accounts.models import SecondStep
from accounts.roles import EDITOR, HOST, PRODUCER
from desk.accounts.rights import may_change

DATE = "j M Y"
# What the roles allow, in the words of a host.
ROLES = {
    HOST: "does everything, people and the show’s settings included",
    EDITOR: "writes, publishes and bins episodes",
    PRODUCER: "prepares drafts, which a host or an editor publishes",
}
WITH_SECOND_STEP = (TOTPDevice, WebAuthnCredential, SecondStep)


@dataclass(frozen=True, slots=True)
class DeskPerson:
    """A line of the page."""

    user: User
    roles: str
    last_seen: str
    sessions: int
    has_second_step: bool
    is_self: bool
    may_change: bool

    @property
    def name(self) -> str:
        return name_of(self.user)

    @property
    def is_invited(self) -> bool:
        """Whether they have yet to choose a password."""
        return is_invited(self.user)


def list_people(by: Any) -> list[DeskPerson]:
    """Everybody who may open the desk, then those who were removed. Three queries."""
    now = timezone.now()
    has_second_step = Q()
    for kind in WITH_SECOND_STEP:
        has_second_step |= Q(Exists(kind._default_manager.filter(user=OuterRef("pk"))))
    rows: QuerySet[Any] = (
        User.objects.filter(is_staff=True)
        .annotate(
            seen=Max("desk_sessions__last_seen"),
            open_sessions=Count("desk_sessions", filter=Q(desk_sessions__expire_date__gt=now)),
            second_step_exists=has_second_step,
        )
        .prefetch_related("groups")
        .order_by("-is_active", "first_name", "last_name", "username")
    )
    return [
        DeskPerson(
            user=user,
            roles=roles_of(user),
            last_seen=day_of(user.seen or user.last_login),
            sessions=user.open_sessions,
            has_second_step=user.second_step_exists,
            is_self=user.pk == by.pk,
            may_change=by.has_perm("auth.change_user") and may_change(by, user),
        )
        for user in rows
    ]


def name_of(user: User) -> str:
    return user.get_full_name() or user.get_username()


def roles_of(user: User) -> str:
    """The roles, or what somebody may do without one."""
    names = sorted(group.name for group in user.groups.all())
    if user.is_superuser and HOST not in names:
        names.insert(0, "may do everything")
    return ", ".join(names) or "no role: sees an empty desk"


def is_invited(user: User) -> bool:
    return not user.has_usable_password() and user.last_login is None


def day_of(moment: datetime | None) -> str:
    """When somebody was there, to the day, in the show's time zone."""
    if moment is None:
        return "never"
    day, today = timezone.localdate(moment), timezone.localdate()
    recent = {0: "today", 1: "yesterday"}
    return recent.get((today - day).days, date_format(day, DATE))


def may_choose_role(by: Any, user: User) -> bool:
    """Not one's own, nor of somebody whose rights don't come from one role."""
    is_plain = user.groups.count() < 2 and not user.user_permissions.exists()
    return user.pk != by.pk and is_plain and not user.is_superuser


def lock_hosts() -> QuerySet[User]:
    """Accounts that manage people, locked until the transaction ends.

    Two hosts who remove each other at the same time wait here, and the second is refused.
    """
    hosts = User.objects.filter(Q(is_superuser=True) | Q(groups__name=HOST)).values("pk")
    locked = User.objects.select_for_update().filter(pk__in=hosts).order_by("pk")
    list(locked)
    return User.objects.filter(pk__in=hosts, is_active=True, is_staff=True)


def role_choices(keys: list[int]) -> list[tuple[int, str]]:
    """Roles with what they allow; the desk's own first, from most to fewest rights."""
    groups = {group.name: group.pk for group in Group.objects.filter(pk__in=keys)}
    names = [name for name in ROLES if name in groups]
    names += sorted(groups.keys() - ROLES.keys())
    return [(groups[name], f"{name}: {ROLES[name]}" if name in ROLES else name) for name in names]
