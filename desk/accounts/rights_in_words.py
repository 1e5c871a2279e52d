"""Rights in the words of a host: “Episodes: change” for what Django stores as change_episode."""

from collections.abc import Iterable

from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models import Model, Q, QuerySet
from django.forms import CheckboxSelectMultiple, ModelMultipleChoiceField
from django.utils.text import capfirst

from linkcheck.models import Link

VERBS = {"add": "add", "change": "change", "delete": "delete", "view": "see", "publish": "publish"}
# Rows that are edited in the form of another.
NAMES = {
    "appearance": "guests of episodes",
    "enclosure": "audio of episodes",
    "guestname": "other names of guests",
    "libraryaddress": "other addresses of libraries",
    "libraryuse": "libraries of episodes",
    "reference": "links of episodes",
    "securityevent": "sign-in log",
    "sponsor": "sponsors of episodes",
    "technologyname": "other names of technologies",
    "topic": "topics of episodes",
    "use": "technologies of episodes",
}


class RightsField(ModelMultipleChoiceField):
    """Checkboxes with each right in words."""

    widget = CheckboxSelectMultiple

    def label_from_instance(self, right: Permission) -> str:
        return in_words(right)


def desk_rights(rights: QuerySet[Permission]) -> QuerySet[Permission]:
    """The rights that a page of the desk asks for; nothing reads the others that Django makes."""
    models: set[type[Model]] = {Link}
    for model, model_admin in admin.site._registry.items():
        models |= {model, *(inline.model for inline in model_admin.inlines)}
    asked = Q()
    for model in models:
        meta = model._meta
        asked |= Q(content_type__app_label=meta.app_label, content_type__model=meta.model_name)
    codenames = Q()
    for verb in VERBS:
        codenames |= Q(codename__startswith=f"{verb}_")
    return rights.filter(asked & codenames)


def in_words(right: Permission) -> str:
    verb = right.codename.partition("_")[0]
    kind = right.content_type.model
    model = right.content_type.model_class()
    name = NAMES.get(kind) or str(model._meta.verbose_name_plural if model else kind)
    return f"{capfirst(name)}: {VERBS.get(verb, right.codename)}"


def rights_in_words(codes: Iterable[str]) -> list[str]:
    """`codes`: each an app and a codename, such as episodes.change_episode. One query."""
    wanted = {tuple(code.split(".", 1)) for code in codes}
    rights = Permission.objects.select_related("content_type")
    return sorted(
        in_words(right)
        for right in rights.filter(codename__in=[codename for _, codename in wanted])
        if (right.content_type.app_label, right.codename) in wanted
    )
