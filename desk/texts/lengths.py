"""How long networks count a text. Pure."""

import re
import unicodedata
from collections.abc import Iterator

LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,:;!?'’”)\]]")
LINK_LENGTH = 23  # of any link, on Mastodon and X
# What X takes for a link without a scheme; of countries' domains it does so only before a path.
BARE_LINK = re.compile(
    r"(?<![\w@.:/-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+"
    r"(?:(?:com|net|org|edu|gov|info|biz|dev|app|cloud|tech|xyz|co|tv)(?![\w-])(?:/\S*)?|[a-z]{2}/\S+)",
    re.IGNORECASE | re.ASCII,
)
# docs.joinmastodon.org: the server doesn't count.
MENTION = re.compile(r"(?<![\w@/.])(@\w+)@[\w-]+(?:\.[\w-]+)+")
# twitter-text, config/v3.json: these count as one, all others as two.
SINGLE = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
JOINER, EMOJI_STYLE, KEYCAP = "\u200d", "\ufe0f", "\u20e3"
MODIFIERS = range(0x1F3FB, 0x1F400)  # of the skin's colour
TAGS = range(0xE0020, 0xE0080)  # of England's flag and others
FLAG_LETTERS = range(0x1F1E6, 0x1F200)
PICTURES = 0x1F000


def graphemes(text: str) -> int:
    """What a reader would count as characters: an emoji of several parts is one."""
    return sum(1 for _ in _clusters(text))


def mastodon_length(text: str) -> int:
    return graphemes(MENTION.sub(r"\1", LINK.sub("x" * LINK_LENGTH, text)))


def x_length(text: str) -> int:
    """Weighted as by twitter-text: an emoji counts as two, and so does “…”."""
    rest, links = LINK.subn("", unicodedata.normalize("NFC", text))
    rest, bare = BARE_LINK.subn("", rest)
    return (links + bare) * LINK_LENGTH + sum(map(_weight, _clusters(rest)))


def utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _clusters(text: str) -> Iterator[str]:
    """Grapheme clusters (unicode.org/reports/tr29), without the rules for Indic and Korean."""
    cluster = ""
    for char in unicodedata.normalize("NFC", text).replace("\r\n", "\n"):
        if cluster and not _continues(cluster, char):
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster


def _continues(cluster: str, char: str) -> bool:
    code = ord(char)
    if char == JOINER or code in MODIFIERS or code in TAGS or unicodedata.category(char)[0] == "M":
        return True
    if cluster[-1] == JOINER:
        return True
    return code in FLAG_LETTERS and len(cluster) == 1 and ord(cluster) in FLAG_LETTERS


def _weight(cluster: str) -> int:
    if any(ord(char) >= PICTURES or char in (EMOJI_STYLE, KEYCAP) for char in cluster):
        return 2
    return sum(1 if _is_single(ord(char)) else 2 for char in cluster)


def _is_single(code: int) -> bool:
    return any(first <= code <= last for first, last in SINGLE)
