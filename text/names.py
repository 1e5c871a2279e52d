"""Normalises and checks what people type: names, typography, slugs, language codes."""

import re
import unicodedata
from typing import Literal

# Imported slugs stay verbatim, so capitals and underscores may occur. A dot would read as a file
# extension, digits alone as an episode number.
SLUG_PATTERN = r"^(?![0-9]+$)[-a-zA-Z0-9_]+$"
SLUG_RULE = "Letters, digits, hyphens and underscores only, and not digits alone."

# BCP 47 (RFC 5646, section 2.1): a language of ISO 639, then script, region and variants.
LANGUAGE_PATTERN = r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z"
LANGUAGE_LENGTH = 20  # characters: columns hold no more
LANGUAGE_RULE = "“%(value)s” isn’t a language code such as en or en-US."

QUOTES = str.maketrans({"‘": "'", "’": "'", "‚": "'", "`": "'", "“": '"', "”": '"', "„": '"'})
DASHES = re.compile(r"-{2,3}|[‐‑‒–—―−]")
# Symbols that tell one technology from another, spelt out before punctuation goes.
SPELT_OUT = (
    (re.compile(r"c\+\+"), "cplusplus"),
    (re.compile(r"\b([a-z])#"), r"\1sharp"),
    (re.compile(r"(?<![a-z0-9])\.net\b"), "dotnet"),
    (re.compile(r"\basp\.net\b"), "aspdotnet"),
)
NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
# Python and PostgreSQL take time quadratic in a run of combining marks, minutes for a long one. No
# letter of any script has as many (Unicode Standard Annex 15, Stream-Safe Text Format).
MOST_MARKS = 30
# These are marks only once they are decomposed. The last two count as letters.
BECOME_MARKS = "\u0f73\u0f75\u0f81\uff9e\uff9f"
NO_WORDS = re.compile(rf"(?:[^\w\s\x00-\x7f]|[{BECOME_MARKS}]){{{MOST_MARKS + 1},}}")


def normalize_unicode(form: Literal["NFC", "NFD", "NFKD"], text: str) -> str:
    """The text in NFC or NFKD, without marks beyond MOST_MARKS in a row."""
    return unicodedata.normalize(form, NO_WORDS.sub(lambda run: _limit_marks(run[0]), text))


def has_endless_marks(text: str) -> bool:
    return any(_limit_marks(run) != run for run in NO_WORDS.findall(text))


def _limit_marks(text: str) -> str:
    chars, marks = [], 0
    for char in text:
        marks = marks + 1 if _is_mark(char) else 0
        if marks <= MOST_MARKS:
            chars.append(char)
    return "".join(chars)


def _is_mark(char: str) -> bool:
    """Also what a newer Unicode of PostgreSQL may know as a mark."""
    if unicodedata.combining(char) or char in BECOME_MARKS:
        return True
    return unicodedata.category(char) == "Cn"


def normalise_name(name: str) -> str:
    """`next js` and `NextJS` as one key: unique; empty without a letter or digit of any script."""
    key = normalize_unicode("NFKD", name).casefold()
    key = "".join(char for char in key if not unicodedata.combining(char))
    for pattern, spelling in SPELT_OUT:
        key = pattern.sub(spelling, key)
    return NOT_ALPHANUMERIC.sub("", key)


def fold_typography(text: str) -> str:
    """Text with straight quotes, hyphens for dashes and single spaces, for comparing."""
    text = normalize_unicode("NFC", text).translate(QUOTES)
    text = DASHES.sub("-", text).replace("…", "...")
    return " ".join(text.split())


def initials(name: str) -> str:
    """The initials of a name, in any script: PG for Phil Gyford. Empty for a name without "
    "letters."""
    letters = [next(filter(str.isalnum, word), "") for word in name.split()]
    known = [letter.upper() for letter in letters if letter]
    return "".join(known[:1] + known[1:][-1:])


def is_language(value: str) -> bool:
    """Whether this has the form of a language code, such as en, es-419 or zh-Hans."""
    return len(value) <= LANGUAGE_LENGTH and re.search(LANGUAGE_PATTERN, value) is not None


def slug_for(name: str) -> str:
    """A new slug: ASCII, no dot, never all digits, never empty."""
    spelt = name.casefold()
    for pattern, spelling in SPELT_OUT:
        hyphenated = spelling.replace("sharp", "-sharp").replace("cplusplus", "c-plus-plus")
        spelt = pattern.sub(hyphenated, spelt)
    ascii_only = normalize_unicode("NFKD", spelt).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_only)[:90].strip("-")
    if not slug:
        slug = "-".join(f"{ord(char):x}" for char in name[:8]) or "unnamed"
    return f"n-{slug}" if slug.isdigit() else slug
