"""A password isn't a common one with an ending, nor made of the show's words."""

import re
from collections.abc import Callable, Iterable

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string

LETTERS = 8  # that have to remain without the show's words
LOOKALIKES = [str.maketrans("013457@$!", letters) for letters in ("oleastasi", "oieastasi")]


class GuessablePasswordValidator:
    """`words`: the dotted name of a function that returns the show's words, in any case."""

    def __init__(self, words: str) -> None:
        self.words: Callable[[], Iterable[str]] = import_string(words)
        self.common = CommonPasswordValidator().passwords

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError."""
        lowered = password.lower()
        for spelling in (lowered, *(lowered.translate(table) for table in LOOKALIKES)):
            if _letters(spelling) in self.common or spelling.strip("0123456789!?.") in self.common:
                raise ValidationError("This is a common password with an ending.")
            rest = _letters(spelling)
            for word in sorted({_letters(word.lower()) for word in self.words()}, key=len)[::-1]:
                rest = rest.replace(word, "") if len(word) > 2 else rest
            if rest != _letters(spelling) and len(rest) < LETTERS:
                raise ValidationError("This password is made of words of the show.")

    def get_help_text(self) -> str:
        return "Your password can’t be a common one with an ending, nor made of the show’s words."


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]", "", text)
