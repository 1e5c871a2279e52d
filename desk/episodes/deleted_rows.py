"""Rows of a form that others deleted while it was open."""

import re
from collections.abc import Collection

from django.http import QueryDict


def as_new_rows(
    data: QueryDict, prefix: str, initial: int, total: int, present: Collection[str]
) -> QueryDict:
    """The posted formset, in which rows whose keys aren't present come last, as new ones.

    Django refuses such a row without a word that helps. Here the save of a conflict decides.
    """
    keys = [data.get(f"{prefix}-{at}-id", "") for at in range(initial)]
    gone = [at for at, key in enumerate(keys) if key.isdecimal() and key not in present]
    if not gone:
        return data
    order = [at for at in range(initial) if at not in gone] + gone + [*range(initial, total)]
    places = {str(at): place for place, at in enumerate(order)}
    dropped = {str(at) for at in gone if f"{prefix}-{at}-DELETE" in data}
    field = re.compile(rf"{re.escape(prefix)}-(\d+)-(.+)", re.ASCII)
    moved = QueryDict(mutable=True)
    for name, values in data.lists():
        at, own = found.groups() if (found := field.fullmatch(name)) else ("", "")
        if at not in places:
            moved.setlist(name, values)
        elif at not in dropped and not (own == "id" and int(at) in gone):
            moved.setlist(f"{prefix}-{places[at]}-{own}", values)
    moved[f"{prefix}-INITIAL_FORMS"] = str(initial - len(gone))
    return moved
