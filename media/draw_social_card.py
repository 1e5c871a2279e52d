"""Draws social cards of 1200 × 630 pixels, for shared links.

The words, a picture, and the topic strip along the lower edge. A text in a script that the typeface
lacks isn't drawn: the show's artwork is better than boxes.
"""

import hashlib
import json
import logging
import unicodedata
from dataclasses import asdict, dataclass
from functools import lru_cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from PIL import Image, ImageOps
from PIL.ImageDraw import ImageDraw
from PIL.ImageFont import FreeTypeFont, truetype

from media.images import FORMATS, MAX_PIXELS
from media.renditions import UNREADABLE, rendition_of
from media.typesetting import balanced, cut, lines_of, shortened
from text.names import normalize_unicode
from text.timecode import format_span

logger = logging.getLogger(__name__)

DESIGN = 4  # raise it when the look changes, so that addresses change too
WIDTH, HEIGHT = 1200, 630
MARGIN = 72
SHOW, TITLE = 98, 140  # pixels from the top: baseline, upper edge
PICTURE = 296  # pixels: its width and height
FACE = 164  # pixels: of each of two faces, one at the upper left, one at the lower right
MEASURE = WIDTH - 3 * MARGIN - PICTURE + 24  # of the title
TITLE_HEIGHT = 272
TITLE_SIZES = range(84, 35, -4)  # pixels: the largest that fits
LEADING = 1.12
SMALL = 32
STRIP = (534, 630)  # its upper and lower edge
GAP = 3  # pixels between its segments
FLAG = 60  # pixels: height of a topic's time above it
SUBTITLE_LINES, SUBTITLE_LEADING = 4, 40
BOLD = str(Path(__file__).parent / "fonts" / "piazzolla.woff2")
BLUE, WARM, PAPER, PALE = "#173781", "#f2a65e", "#fbfaf6", "#c9d3ec"
TRACK, TINTS = "#122b66", ("#4a6cb8", "#7390d2")  # the strip, dark to light
COLOURS = 256  # those, what lies between them at the edges of letters, and a photo's
NO_GLYPH = "\uffff"  # no typeface has this one
OTHER_SPELLING = str.maketrans({"\u2010": "-", "\u2011": "-", "\u00ad": None})
# The show's mark, as in static/img/mark.svg: strokes from, to, of what colour.
MARK = (((27, 15), (53, 15), PAPER), ((27, 32), (58, 32), WARM), ((27, 49), (45, 49), PAPER))
TRIANGLE = ((8, 20), (8, 44), (26, 32))


class Unsettable(ValueError):
    """The typeface lacks letters of the text."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a card shows, made by `card()`.

    `subtitle`: below the title. `pictures`: files in the storage, `is_face`: of people, of whom two
    are shown. `strip`: where each topic begins and where the last one ends, in seconds; `seconds`,
    `until`: of the topic that the card is about, the end if known. `bars`: instead of a strip, a
    year's share each, from 0 to 1.
    """

    show: str
    label: str
    title: str
    subtitle: str
    pictures: tuple[str, ...] = ()
    is_face: bool = False
    strip: tuple[int, ...] = ()
    seconds: int | None = None
    until: int | None = None
    bars: tuple[tuple[int, float], ...] = ()

    @property
    def digest(self) -> str:
        """32 hexadecimal digits: a hash of what it shows and of the design."""
        said = json.dumps([DESIGN, asdict(self)])
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    @property
    def alt(self) -> str:
        """The card's alternative text."""
        return ". ".join(filter(None, (self.title, self.subtitle, self.label, self.show)))


def card(*, show: str, label: str, title: str, subtitle: str = "", **more: Any) -> Card | None:
    """A card of these words, without symbols the typeface lacks; None if it lacks letters.

    `more`: what else a Card shows.
    """
    try:
        found = Card(
            _settable(show), _settable(label), _settable(title), _settable(subtitle), **more
        )
    except Unsettable:
        return None
    return found if found.title else None


def draw(card: Card) -> bytes:
    """The card as a PNG file: of 20 kB, or of 70 kB with a photo. Reads its picture's file."""
    image = Image.new("RGB", (WIDTH, HEIGHT), BLUE)
    pen = ImageDraw(image)
    small = _font(BOLD, SMALL)
    _draw_heading(pen, card, small)
    _draw_picture(image, pen, card)
    _draw_words(pen, card, small)
    _draw_strip(pen, card, small)
    file = BytesIO()
    # The octree is five times as fast as the median cut and closer to the colours above; a harder
    # compression takes ten times as long and saves a tenth.
    image.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(file, "PNG")
    return file.getvalue()


def _draw_heading(pen: ImageDraw, card: Card, small: FreeTypeFont) -> None:
    """The show's mark and name on one side, what the card is about on the other."""
    _draw_mark(pen, MARGIN - 6, SHOW - 40, 0.88)
    right = WIDTH - MARGIN
    label = shortened(card.label, small, WIDTH // 2 - MARGIN)
    pen.text((right, SHOW), label, WARM, small, "rs")
    left = MARGIN + 60
    room = right - left - round(small.getlength(label)) - 40
    pen.text((left, SHOW), shortened(card.show, small, room), PAPER, small, "ls")


def _draw_words(pen: ImageDraw, card: Card, small: FreeTypeFont) -> None:
    """The title as large as it fits above the lines of the subtitle."""
    foot = STRIP[0] - (FLAG if card.seconds is not None else 0) - 8
    subtitle = cut(list(lines_of(card.subtitle, small, MEASURE)), SUBTITLE_LINES, small, MEASURE)
    below = 18 + len(subtitle) * SUBTITLE_LEADING
    size, lines = _fitted(card.title, min(TITLE_HEIGHT, foot - TITLE - below))
    top = TITLE
    for line in lines:
        pen.text((MARGIN, top), line, PAPER, _font(BOLD, size), "la")
        top += round(size * LEADING)
    for place, line in enumerate(subtitle):
        pen.text((MARGIN, top + 18 + place * SUBTITLE_LEADING), line, PALE, small, "la")


def _draw_mark(pen: ImageDraw, left: float, top: float, scale: float) -> None:
    """The show's mark, 64 units wide and high."""

    def placed(point: tuple[int, int]) -> tuple[float, float]:
        return left + point[0] * scale, top + point[1] * scale

    pen.polygon([placed(point) for point in TRIANGLE], WARM)
    for begin, end, colour in MARK:
        pen.line([placed(begin), placed(end)], colour, width=round(8 * scale))


def _draw_picture(image: Image.Image, pen: ImageDraw, card: Card) -> None:
    """Faces as circles, another picture as a square; without either, the mark in large."""
    left, top = WIDTH - MARGIN - PICTURE, TITLE + 12
    size = FACE if len(card.pictures) > 1 else PICTURE
    pictures = [picture for name in card.pictures[:2] if (picture := _picture(name, size))]
    if not pictures:
        _draw_mark(pen, left + 8, top - 10, PICTURE / 64)
        return
    mask = Image.new("L", (2 * size, 2 * size))
    edge = 2 * size - 1
    ImageDraw(mask).rounded_rectangle((0, 0, edge, edge), size if card.is_face else 24, 255)
    for place, picture in enumerate(pictures):
        x, y = (each + place * (PICTURE - size) for each in (left, top))
        image.paste(picture, (x, y), mask.resize(picture.size, Image.Resampling.LANCZOS))
        if card.is_face:
            pen.ellipse((x - 10, y - 10, x + size + 9, y + size + 9), None, WARM, 4)


def _picture(name: str, size: int) -> Image.Image | None:
    """The stored picture as a square of so many pixels; None if it can't be read."""
    try:
        stored = rendition_of(name, size)
        with default_storage.open(stored) as file, Image.open(file, formats=FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                return None
            opened.draft("RGB", (2 * size, 2 * size))
            upright = ImageOps.exif_transpose(opened).convert("RGB")
            return ImageOps.fit(upright, (size, size), Image.Resampling.LANCZOS)
    except UNREADABLE:
        logger.warning("A social card does without its picture %s", name, exc_info=True)
        return None


def _draw_strip(pen: ImageDraw, card: Card, small: FreeTypeFont) -> None:
    """The topics along the episode's length, or the years, below a warm rule."""
    top, bottom = STRIP
    if card.bars:
        _draw_bars(pen, card.bars)
        return
    if len(card.strip) < 2:
        return
    pen.rectangle((0, top, WIDTH, bottom), TRACK)
    pen.rectangle((0, top - 4, WIDTH, top - 1), WARM)
    scale = WIDTH / card.strip[-1]
    for place, (begin, end) in enumerate(pairwise(card.strip)):
        is_current = begin == card.seconds
        box = (round(begin * scale) + GAP, top + GAP, round(end * scale) - 1, bottom)
        if box[2] >= box[0]:
            pen.rectangle(box, WARM if is_current else TINTS[place % 2])
    if card.seconds is not None:
        _draw_flag(pen, format_span(card.seconds, card.until), card.seconds * scale, small)


def _draw_flag(pen: ImageDraw, time: str, x: float, small: FreeTypeFont) -> None:
    """The time of a topic above its segment."""
    width = round(small.getlength(time)) + 32
    left = min(max(round(x), MARGIN), WIDTH - MARGIN - width)
    pen.rounded_rectangle((left, STRIP[0] - FLAG, left + width, STRIP[0] - 4), 8, WARM)
    pen.rectangle((left, STRIP[0] - 14, left + width, STRIP[0] - 4), WARM)
    pen.text((left + 16, STRIP[0] - 20), time, BLUE, small, "ls")


def _draw_bars(pen: ImageDraw, bars: tuple[tuple[int, float], ...]) -> None:
    """One column for each year, with the year below; as high as its share."""
    width = (WIDTH - 2 * MARGIN) / len(bars)
    years = _font(BOLD, 22)
    foot = HEIGHT - 46
    highest = max(share for _, share in bars) or 1
    pen.rectangle((MARGIN, foot, WIDTH - MARGIN, foot + 3), WARM)
    for place, (year, share) in enumerate(bars):
        left = MARGIN + place * width
        height = round(96 * share / highest)
        if height:
            box = (round(left) + GAP, foot - height, round(left + width) - GAP, foot - 1)
            pen.rectangle(box, TINTS[place % 2])
        pen.text((left + width / 2, foot + 34), str(year), PALE, years, "ms")


def _fitted(title: str, height: int = TITLE_HEIGHT) -> tuple[int, list[str]]:
    """The largest size in pixels at which the title fits into that height, and its lines then."""
    for size in TITLE_SIZES:
        font = _font(BOLD, size)
        lines = list(lines_of(title, font, MEASURE))
        if len(lines) * size * LEADING <= height:
            return size, balanced(title, lines, font, MEASURE)
    return size, cut(lines, int(height / (size * LEADING)), font, MEASURE)


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
    return bytes(_font(BOLD, SMALL).getmask(char))


@lru_cache(maxsize=32)
def _font(path: str, size: int) -> FreeTypeFont:
    return truetype(path, size)
