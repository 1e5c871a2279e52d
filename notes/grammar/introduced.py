"""Whom an introduction introduces: “In this episode of …, Austin Lewis goes over …”."""

import re

from notes.grammar.lines import one_line

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
