"""Words for what the host and a source both changed."""

from notes.merge import MergeConflict
from text.problems import Problem, warning
from transfer.importers.excerpts import excerpts


def conflict_warning(conflict: MergeConflict, what: object, theirs: bool) -> Problem:
    """A conflict as the host reads it, with both values."""
    here, there = (f"“{text}”" for text in excerpts(conflict.stored, conflict.incoming))
    if theirs:
        message = f"The source’s {there} replaces {here}."
        if not conflict.stored:
            message = f"Added, as the source has it: {there}."
        elif not conflict.incoming:
            message = f"Deleted, as in the source: {here}."
    elif not conflict.stored:
        message = f"It isn’t here, and stays away: the source says {there}."
    elif not conflict.incoming:
        message = f"Deleted in the source, but changed here: {here} stays."
    else:
        message = f"Here it is {here}, which stays; the source says {there}."
    return warning(message, field=conflict.field, value=str(what))
