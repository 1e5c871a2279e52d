"""Reads the lines above the first section: date, title, summary, guests, introduction."""

import re
from dataclasses import dataclass, field

from notes.grammar.draft import GuestDraft
from notes.grammar.headings import ATX, BULLET, DateLine, date_in, field_in, unescape_title
from notes.grammar.lines import Line, one_line, split_list
from text.dates import FIRST_YEAR, LAST_YEAR
from text.problems import Problem

NOBODY = {"none", "nobody", "no guest", "-", "–", "—"}
# “Mary Ann -- CTO of Foo”
TITLE_DASH = re.compile(r" (?:--|[–—-]) ")
JOINED = re.compile(r" (?:and|&) ")
NOT_IN_A_NAME = set(",;&\n")
# What `is_guest_name` refuses.
NOT_A_GUEST_NAME = (
    "Not a single guest’s name: it has a comma, a semicolon, “&”, “and”, a dash between words or "
    "“)” at the end, or says that nobody is a guest."
)
TITLE_LENGTH = 200

OPENING = re.compile(r"in this (?:episode|interview)\b(?: of\b)?\s*", re.IGNORECASE)
# Names come early; the rest of a long interview isn't looked at.
LOOKED_AT = 600
MARKDOWN_LINK = re.compile(r"\[([^\[\]]{1,100})\]\([^()\s]{1,500}\)")
VERBS = set(
    "go goes talk talks let lets walk walks cover covers share shares explain explains tell tells "
    "discuss discusses describe describes show shows give gives take takes break breaks join joins "
    "speak speaks chat chats dive dives".split()
)
PARTICLES = set(
    "al bin da de del den der di do dos du el ibn la le ten ter van von y zu zur".split()
)
NO_NAMES = set("I We You He She They It This That The Our My Your A An".split())
ELISIONS = ("d'", "d’", "l'", "l’")
QUOTES = "\"'“”‘’()"


@dataclass(slots=True)
class Head:
    """The head as read. `guests` is None where no line names them."""

    title: str | None = None
    summary: list[str] = field(default_factory=list)  # its lines
    guests: dict[str, GuestDraft] | None = None  # by name
    dated: DateLine | None = None
    plain: bool = False  # the title has no “#”: copied from a page, so paragraphs may be lost
    introduction: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_head(lines: list[Line]) -> Head:
    """Date, title and fields in any order, then the introduction from the first other line."""
    head = Head()
    last_field = ""
    for at, line in enumerate(lines):
        if line.blank:
            last_field = ""
        elif line.fenced:
            head.introduction = lines[at:]
            break
        elif last_field == "summary" and line.indent:
            head.summary.append(line.text)
        elif found := field_in(line.text):
            last_field = found[0]
            _take_field(head, line, *found)
        elif not _take_date(head, line) and not _take_title(head, line, lines, at):
            head.introduction = lines[at:]
            break
    return head


def read_guests(value: str, several: bool) -> list[GuestDraft]:
    """The guests of `Guest: Name -- title` or, `several`, of `Guests: Ann Lee, Bo Ray and Cy`."""
    value = one_line(value)
    if value.casefold() in NOBODY:
        return []
    if several:
        return [_guest(*_titled(piece)) for piece in split_list(value, pairs=True)]
    names, title = _titled(value)
    if not title:
        names, _, title = value.partition(",")
    return [_guest(name, title) for name in JOINED.split(names) if name.strip()]


def is_guest_name(name: str) -> bool:
    """Whether a guest line can hold the name: it would not be taken for two, or for a title."""
    padded = f" {name} "
    if not name or name != one_line(name) or name.endswith(")") or name.casefold() in NOBODY:
        return False
    return not (set(name) & NOT_IN_A_NAME or JOINED.search(padded) or TITLE_DASH.search(padded))


def _take_field(head: Head, line: Line, name: str, value: str) -> None:
    if name == "title":
        head.title = head.title or one_line(value)
    elif name == "summary":
        head.summary.append(value)
    elif value:
        _add_guests(head, line, read_guests(value, several=name == "guests"))


def _add_guests(head: Head, line: Line, guests: list[GuestDraft]) -> None:
    head.guests = head.guests or {}
    for guest in guests:
        if not is_guest_name(guest.name):
            message = "Not a single guest's name; write “Guest: Name -- title”, a line for each."
            head.problems.append(line.error("guest", message, guest.name))
        elif guest.name in head.guests:
            head.problems.append(line.warning("guest", "Named twice; listed once.", guest.name))
        else:
            head.guests[guest.name] = guest


def _take_date(head: Head, line: Line) -> bool:
    dated = date_in(line.text) if head.title is None and not head.dated else None
    if not dated:
        return False
    head.dated = dated
    if dated.date is None:
        message = f"No such day, or not between {FIRST_YEAR} and {LAST_YEAR}."
        head.problems.append(line.warning("date", message))
    return True


def _take_title(head: Head, line: Line, lines: list[Line], at: int) -> bool:
    if head.title is not None:
        return False
    atx = ATX.match(line.text)
    if atx and atx[1] == "#" and atx[2][:1] in ("", " ", "\t"):
        head.title = unescape_title(one_line(atx[2]))
        return True
    if atx or not _may_be_title(line.text) or not (head.dated or _heads_notes(lines, at)):
        return False
    head.title, head.plain = one_line(line.text), True
    return True


def _may_be_title(text: str) -> bool:
    return len(text) <= TITLE_LENGTH and not introduces(text) and not BULLET.match(text)


def _heads_notes(lines: list[Line], at: int) -> bool:
    """Whether what follows shows that a line without “#” is a title all the same."""
    following = next((line.text for line in lines[at + 1 :] if not line.blank), "")
    return introduces(following) or field_in(following) is not None


def _titled(text: str) -> tuple[str, str]:
    """Name and title of `Name -- title` and `Name (title)`."""
    parts = TITLE_DASH.split(text, maxsplit=1)
    if len(parts) == 2:
        return parts[0], parts[1]
    if text.endswith(")") and "(" in text:
        name, _, title = text[:-1].partition("(")
        return name, title
    return text, ""


def _guest(name: str, title: str) -> GuestDraft:
    return GuestDraft(name.strip(), title.strip())


def introduces(introduction: str) -> bool:
    """Whether the introduction opens the way that may name a guest."""
    return bool(OPENING.match(_opening_words(introduction)))


def guests_in(introduction: str, show_title: str = "", host: str = "") -> tuple[str, ...]:
    """The guests named by the introduction's first sentence, without the host.

    Only capitalised words followed by a verb of introducing count, and a single such word only
    when the verb follows at once: “Mark goes over …”, but not “Nick briefly talks …”.
    """
    words = _opening_words(introduction)
    opening = OPENING.match(words)
    if not opening:
        return ()
    rest = words[opening.end() :]
    if show_title and rest.lower().startswith(show_title.lower()):
        rest = rest[len(show_title) :]
    _, _, rest = rest.partition(",")
    hosts = {host.casefold(), host.casefold().partition(" ")[0]}
    names = dict.fromkeys(_names(rest.split()))
    return tuple(name for name in names if name.casefold() not in hosts)


def _opening_words(introduction: str) -> str:
    """The introduction's beginning on one line, without links and emphasis."""
    words = MARKDOWN_LINK.sub(r"\1", one_line(introduction[:LOOKED_AT]))
    return words.replace("*", "").lstrip("_ ")


def _names(words: list[str]) -> list[str]:
    """The names that begin the words; none unless a verb of introducing follows them."""
    names: list[list[str]] = [[]]
    for at, word in enumerate(words):
        if word in ("and", "&") and at:
            names.append([])
        elif _is_name_word(word.rstrip(",")) or (names[-1] and word in PARTICLES):
            names[-1].append(word.rstrip(","))
            if word.endswith(","):
                names.append([])
        else:
            return _introduced([name for name in names if name], words[at : at + 2])
    return []


def _introduced(names: list[list[str]], following: list[str]) -> list[str]:
    direct = following[0] in VERBS
    adverb = following[0].endswith("ly") and following[-1] in VERBS
    if not direct and not (adverb and all(len(name) > 1 for name in names)):
        return []
    if any(name[-1] in PARTICLES or name[0] in NO_NAMES for name in names):
        return []
    return [" ".join(name) for name in names]


def _is_name_word(word: str) -> bool:
    """A capitalised word, an initial, or a nickname in quotes."""
    bare = word.strip(QUOTES)
    if not bare or not all(char.isalpha() or char in "'’.-·" for char in bare):
        return False
    quoted = bare != word
    if bare[:2] in ELISIONS:
        bare = bare[2:]
    return quoted or not bare[:1].islower()
