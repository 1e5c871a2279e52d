"""Rows with links."""

from episodes.models import Episode
from episodes.tests import factories
from notes.apply import finish_edit


def linked_episode() -> Episode:
    """An episode that links to a page in every way there is."""
    factories.show()
    row = factories.episode(
        topics=[(5, "See [it](https://old.example/page) and <https://old.example/page/more>")],
        introduction="Read https://old.example/page, then https://old.example/page#end.",
        references=["https://old.example/page#part", "https://fine.example/"],
        libraries=["https://old.example/page"],
        guests=["Phil Gyford"],
    )
    finish_edit(row, None, source="test")
    factories.technology("Odd", homepage="https://old.example/page")
    guest = factories.guest()
    guest.website = "https://old.example/page"
    guest.save()
    return row
