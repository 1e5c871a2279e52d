"""Renders a draft as the Markdown that its host edits, which `parse` reads back unchanged."""

from dataclasses import replace

from notes.grammar.draft import Draft, GuestDraft, LinkDraft
from notes.grammar.head import introduces
from notes.grammar.headings import escape, escape_title
from notes.grammar.items import is_balanced
from notes.grammar.lines import in_fences
from text.timecode import format_timecode


def render(draft: Draft) -> str:
    """The canonical form: `parse(render(d)).draft == d` for each valid draft (notes.validity)."""
    blocks = [_head(draft), _introduction(draft.introduction), _topics(draft), _links(draft)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def render_body(draft: Draft) -> str:
    """The notes without what a post's front matter holds: title, guests, summary, technologies."""
    lists = replace(draft, technologies=())
    blocks = [_introduction(draft.introduction), _topics(draft), _links(lists)]
    return "\n\n".join(block for block in blocks if block)


def _head(draft: Draft) -> str:
    lines = [f"# {escape_title(draft.title)}".rstrip(), *map(guest_line, draft.guests)]
    if not draft.guests and introduces(draft.introduction):
        # Without this line the introduction's first sentence would name somebody.
        lines.append("Guest: none")
    if draft.summary:
        lines.append(f"Summary: {draft.summary}")
    return "\n".join(lines)


def guest_line(guest: GuestDraft) -> str:
    return f"Guest: {guest.name} -- {guest.title}" if guest.title else f"Guest: {guest.name}"


def _introduction(text: str) -> str:
    lines = text.split("\n")
    marked = zip(lines, in_fences(lines), strict=True)
    return "\n".join(line if fenced else escape(line) for line, fenced in marked)


def _topics(draft: Draft) -> str:
    lines = [f"- {format_timecode(topic.seconds)} -- {topic.text}" for topic in draft.topics]
    return _list("## Topics Include", lines)


def _links(draft: Draft) -> str:
    lists = [
        _list("### References", list(map(_link, draft.references))),
        _list("### Tech Stack", [f"- {name}" for name in draft.technologies]),
        _list("### Libraries Used", list(map(_link, draft.libraries))),
    ]
    found = [block for block in lists if block]
    return "\n\n".join(["## Links", *found]) if found else ""


def _list(heading: str, lines: list[str]) -> str:
    return f"{heading}\n\n" + "\n".join(lines) if lines else ""


def _link(link: LinkDraft) -> str:
    note = f" ({link.note})" if link.note else ""
    if not link.label:
        return f"- <{link.url}>{note}"
    plain = is_balanced(link.url, "(") and "\\" not in link.url
    address = link.url if plain else f"<{link.url}>"
    return f"- [{link.label}]({address}){note}"
