"""Which texts fit the columns they are meant for."""

from django.db.models import Model

from text.problems import Problem, warning


def longest(model: type[Model], field: str) -> int:
    """How many characters the column holds; 0 where that isn't limited."""
    return getattr(model._meta.get_field(field), "max_length", None) or 0


def fitting(model: type[Model], stated: dict[str, str]) -> tuple[dict[str, str], list[Problem]]:
    """The texts, by column, that fit; a warning for each that is left out, without its place."""
    too_long = {
        name: limit
        for name, value in stated.items()
        if (limit := longest(model, name)) and len(value) > limit
    }
    problems = [
        warning(
            f"This is longer than {limit} characters; left out.", field=name, value=stated[name]
        )
        for name, limit in too_long.items()
    ]
    return {name: value for name, value in stated.items() if name not in too_long}, problems
