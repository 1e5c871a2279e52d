"""Forms about people: inviting one, and changing one."""

import re
from typing import Any

from django import forms
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError

from desk.accounts.rights import roles_to_give
from desk.people.people import may_choose_role, name_of, role_choices

LONGEST_NAME = 150
LONGEST_USERNAME = 140  # room for a number behind it


class PersonForm(forms.Form):
    """Name, e-mail and role."""

    name = forms.CharField(max_length=LONGEST_NAME, help_text="As the history shows it: Anna Lee.")
    email = forms.EmailField(label="E-mail", help_text="They sign in with it.")
    role = forms.TypedChoiceField(coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, by: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        role: Any = self.fields["role"]
        role.choices = role_choices(roles_to_give(by))
        if user is None:
            return
        group = user.groups.first()
        self.initial = {"name": name_of(user), "email": user.email}
        self.initial["role"] = group.pk if group else None
        self.fields["email"].required = bool(user.email)
        if not may_choose_role(by, user):
            del self.fields["role"]

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_email(self) -> str:
        """It signs in, so it belongs to one account, also as another's name."""
        email = self.cleaned_data["email"]
        others = User.objects.all()
        if self.user:
            others = others.exclude(pk=self.user.pk)
        other = others.filter(email__iexact=email).first()
        other = other or others.filter(username__iexact=email).first()
        if email and other:
            raise ValidationError(f"{name_of(other)} has this address already.")
        return email

    def save(self) -> User:
        """Store what was typed; a new user has no password yet."""
        user = self.user
        if user is None:
            user = User(username=free_username(self.cleaned_data["email"]), is_staff=True)
            user.set_unusable_password()
        if self.cleaned_data["name"] != name_of(user):
            user.first_name, user.last_name = self.cleaned_data["name"], ""
        user.email = self.cleaned_data["email"]
        user.save()
        if "role" in self.fields:
            user.groups.set(Group.objects.filter(pk=self.cleaned_data["role"]))
        return user


def free_username(email: str) -> str:
    """A name from the e-mail address, such as `anna`, or `anna2` if there is one."""
    start = re.sub(r"[^\w.+-]", "", email.partition("@")[0].lower())[:LONGEST_USERNAME] or "user"
    taken = set(User.objects.filter(username__startswith=start).values_list("username", flat=True))
    name, number = start, 1
    while name in taken:
        number += 1
        name = f"{start}{number}"
    return name
