"""Draws social cards of 1200 × 630 pixels, for shared links.

A text in a script that Source Serif lacks isn't drawn: the show's artwork is better than boxes.
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from io import BytesIO

from font_source_serif_pro import font_files_otf
from PIL import Image
from PIL.ImageDraw import ImageDraw
from PIL.ImageFont import FreeTypeFont, truetype

from text.names import normalize_unicode

DESIGN = 1  # raise it when the look changes, so that addresses change too
WIDTH, HEIGHT = 1200, 630
MARGIN = 88
MEASURE = WIDTH - 2 * MARGIN
LABEL, TITLE, SHOW = 98, 128, 560  # pixels from the top: baseline, upper edge, baseline
TITLE_HEIGHT = 286
TITLE_SIZES = range(88, 35, -4)  # pixels: the largest that fits
LEADING = 1.16
SMALL = 36
BOLD, REGULAR = font_files_otf["SourceSerifProSemibold"], font_files_otf["SourceSerifPro"]
BLUE, WARM, PAPER, PALE = "#173781", "#f2a65e", "#fbfaf6", "#c9d3ec"
COLOURS = 64  # those four, and what lies between them at the edges of letters
NO_GLYPH = "\uffff"  # no typeface has this one
OTHER_SPELLING = str.maketrans({"\u2010": "-", "\u2011": "-", "\u00ad": None})
# The show's mark, as in static/img/mark.svg: strokes from, to, of what colour.
MARK = (((27, 15), (53, 15), PAPER), ((27, 32), (58, 32), WARM), ((27, 49), (45, 49), PAPER))
TRIANGLE = ((8, 20), (8, 44), (26, 32))


class Unsettable(ValueError):
    """The typeface lacks letters of the text."""


@dataclass(frozen=True, slots=True)
class Card:
    """The words of a card, made by `card()`."""

    show: str
    label: str
    title: str
    people: str

    @property
    def digest(self) -> str:
        """32 hexadecimal digits: a hash of the words and the design."""
        said = json.dumps([DESIGN, asdict(self)])
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    @property
    def alt(self) -> str:
        """The card's alternative text."""
        return ". ".join(filter(None, (self.title, self.people, self.label, self.show)))


def card(*, show: str, label: str, title: str, people: str = "") -> Card | None:
    """A card of these words, without symbols the typeface lacks; None if it lacks letters."""
    try:
        found = Card(_settable(show), _settable(label), _settable(title), _settable(people))
    except Unsettable:
        return None
    return found if found.title else None


def draw(card: Card) -> bytes:
    """The card as a PNG file of about 20 kB."""
    image = Image.new("RGB", (WIDTH, HEIGHT), BLUE)
    pen = ImageDraw(image)
    small = _font(REGULAR, SMALL)
    pen.text((MARGIN, LABEL), _shortened(card.label, small, MEASURE), WARM, small, "ls")
    size, lines = _fitted(card.title)
    top = TITLE
    for line in lines:
        pen.text((MARGIN, top), line, PAPER, _font(BOLD, size), "la")
        top += round(size * LEADING)
    pen.text((MARGIN, top + 22), _shortened(card.people, small, MEASURE), PALE, small, "la")
    mark = _draw_mark(pen)
    pen.text((mark, SHOW), _shortened(card.show, small, WIDTH - MARGIN - mark), PAPER, small, "ls")
    file = BytesIO()
    # The octree is five times as fast as the median cut and closer to the colours above; a harder
    # compression takes ten times as long and saves a tenth.
    image.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(file, "PNG")
    return file.getvalue()


def _draw_mark(pen: ImageDraw) -> int:
    """Draw the mark before the show's name. Returns the x at which the name may begin."""
    left, top = MARGIN - 8, SHOW - 44

    def placed(point: tuple[int, int]) -> tuple[int, int]:
        return left + point[0], top + point[1]

    pen.polygon([placed(point) for point in TRIANGLE], WARM)
    for begin, end, colour in MARK:
        pen.line([placed(begin), placed(end)], colour, width=8)
    return left + 76


def _fitted(title: str) -> tuple[int, list[str]]:
    """The largest size in pixels at which the title fits, and its lines then."""
    for size in TITLE_SIZES:
        lines = list(_lines(title, _font(BOLD, size)))
        if len(lines) * size * LEADING <= TITLE_HEIGHT:
            return size, _balanced(title, _font(BOLD, size), lines)
    most = int(TITLE_HEIGHT / (size * LEADING))
    last = _shortened(" ".join(lines[most - 1 :]), _font(BOLD, size), MEASURE)
    return size, [*lines[: most - 1], last]


def _balanced(text: str, font: FreeTypeFont, lines: list[str]) -> list[str]:
    """The same number of lines, but of similar length: no word is alone on the last one."""
    longest = max(font.getlength(word) for word in text.split())
    for width in range(round(longest) + 1, MEASURE, 24):
        narrower = list(_lines(text, font, width))
        if len(narrower) == len(lines):
            return narrower
    return lines


def _lines(text: str, font: FreeTypeFont, width: int = MEASURE) -> Iterator[str]:
    """The text in lines of that width. Only a word longer than a line is broken."""
    line = ""
    for word in text.split():
        if line and font.getlength(f"{line} {word}") > width:
            yield line
            line = ""
        line = f"{line} {word}".lstrip()
        while font.getlength(line) > width:
            fits = _fitting(line, font, width)
            yield line[:fits]
            line = line[fits:]
    yield line


def _shortened(text: str, font: FreeTypeFont, width: int) -> str:
    """The text, cut at its end if it is wider than that."""
    if font.getlength(text) <= width:
        return text
    return text[: _fitting(text, font, width - round(font.getlength("…")))].rstrip(" ,.") + "…"


def _fitting(text: str, font: FreeTypeFont, width: int) -> int:
    """How many letters of the text fit into that width; at least one."""
    count = len(text)
    while count > 1 and font.getlength(text[:count]) > width:
        count -= 1
    return count


def _settable(text: str) -> str:
    """The text in one line, without symbols that the typeface lacks. Raises Unsettable."""
    composed = normalize_unicode("NFC", text).translate(OTHER_SPELLING)
    return " ".join("".join(filter(_is_set, composed)).split())


@lru_cache(maxsize=4096)
def _is_set(char: str) -> bool:
    """Whether the typeface has it or it is white space. Raises Unsettable for missing letters."""
    kind = unicodedata.category(char)[0]
    if char.isspace() or kind == "C":  # invisible, such as what joins emoji
        return char.isspace()
    is_known = _ink(char) != _ink(NO_GLYPH)
    if not is_known and kind in "LMN":
        raise Unsettable(char)
    return is_known


def _ink(char: str) -> bytes:
    return bytes(_font(REGULAR, SMALL).getmask(char))


@lru_cache(maxsize=32)
def _font(path: str, size: int) -> FreeTypeFont:
    return truetype(path, size)
