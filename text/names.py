"""Normalises and checks what people type: names, typography, slugs, language codes."""

import re
import unicodedata

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


def normalise_name(name: str) -> str:
    """`next js` and `NextJS` as one key: unique; empty without a letter or digit of any script."""
    key = unicodedata.normalize("NFKD", name).casefold()
    key = "".join(char for char in key if not unicodedata.combining(char))
    for pattern, spelling in SPELT_OUT:
        key = pattern.sub(spelling, key)
    return NOT_ALPHANUMERIC.sub("", key)


def fold_typography(text: str) -> str:
    """Text with straight quotes, hyphens for dashes and single spaces, for comparing."""
    text = unicodedata.normalize("NFC", text).translate(QUOTES)
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
    ascii_only = unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_only)[:90].strip("-")
    if not slug:
        slug = "-".join(f"{ord(char):x}" for char in name[:8]) or "unnamed"
    return f"n-{slug}" if slug.isdigit() else slug
