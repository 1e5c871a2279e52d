"""What a browser's clipboard holds, rich text beside plain text, as notes."""

from notes.grammar.headings import ATX, BULLET
from transfer.importers.html_to_markdown import ADDRESS
from transfer.importers.pasted.html import PastedHtml, looks_like_html, read_fragment, read_html
from transfer.importers.pasted.post import has_front_matter


def read_clipboard(plain: str, html: str, whole: bool) -> PastedHtml | None:
    """The pasted text with its links and lists; None if the plain text says as much.

    `whole`: the notes of an episode, rather than a part that is pasted into others.
    """
    if has_front_matter(plain):
        return None
    read = read_html if whole else read_fragment
    if looks_like_html(plain):
        return read(plain)
    found = read(html)
    return found if _says_more(found.text, plain) else None


def _says_more(markdown: str, plain: str) -> bool:
    """Whether an address, a list or a heading is only in the Markdown."""
    addresses = {address[0] for address in ADDRESS.finditer(markdown)}
    if any(address not in plain for address in addresses):
        return True
    return any(
        sum(map(bool, map(mark.match, markdown.split("\n"))))
        > sum(map(bool, map(mark.match, plain.split("\n"))))
        for mark in (ATX, BULLET)
    )
