"""Makes the files of the display face; `./run typeface` runs it.

Piazzolla, since its angular cut is like no system's font, long titles need little room, and one
file has the Latin, Greek and Cyrillic letters that social cards set. Pages get only the Latin ones.
"""

import shutil
import sys
from collections import Counter
from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font, save_font
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[2]
FOR_PAGES = ROOT / "static" / "fonts" / "piazzolla-latin.woff2"
FOR_CARDS = ROOT / "media" / "fonts" / "piazzolla.woff2"
PIAZZOLLA = "@expo-google-fonts/piazzolla/700Bold/Piazzolla_700Bold.ttf"
# Latin-1, Latin Extended-A, Romanian, German's capital ß; then punctuation, currencies, arrows.
LATIN = (
    *(range(0x20, 0x7F), range(0xA0, 0x180), range(0x218, 0x21C), range(0x1E9E, 0x1E9F)),
    *(range(0x2010, 0x203B), range(0x20A0, 0x20C0), range(0x2116, 0x2123), range(0x2190, 0x2194)),
    range(0x2212, 0x2213),
)
# Family in CSS, the font's names in systems, the open font of its widths.
SYSTEM_FONTS = (
    (
        "Georgia",
        ("Georgia Bold", "Georgia-Bold"),
        "@expo-google-fonts/gelasio/700Bold/Gelasio_700Bold.ttf",
    ),
    (
        "Noto",
        ("Noto Serif Bold", "NotoSerif-Bold"),
        "@expo-google-fonts/noto-serif/700Bold/NotoSerif_700Bold.ttf",
    ),
    (
        "Times",
        ("Times New Roman Bold", "TimesNewRomanPS-BoldMT", "Liberation Serif Bold"),
        "@expo-google-fonts/tinos/700Bold/Tinos_700Bold.ttf",
    ),
    (
        "DejaVu",
        ("DejaVu Serif Bold", "DejaVuSerif-Bold"),
        "dejavu-fonts-ttf/ttf/DejaVuSerif-Bold.ttf",
    ),
)
RULE = """\
@font-face {{
  font-family: "Piazzolla as {family}";
  src: {sources};
  size-adjust: {size:.1%};
  ascent-override: {ascent:.1%};
  descent-override: {descent:.1%};
  line-gap-override: 0%;
}}
"""


def main() -> None:
    """Write both files, each with its licence; print the rules for what is shown before that."""
    packages = Path(sys.argv[1])
    source = packages / PIAZZOLLA
    subset(source, [code for codes in LATIN for code in codes], FOR_PAGES)
    subset(source, list(TTFont(source).getBestCmap()), FOR_CARDS)
    for written in (FOR_PAGES, FOR_CARDS):
        shutil.copyfile(source.parents[1] / "LICENSE_FONT", written.with_name("OFL.txt"))
        print(f"{written.relative_to(ROOT)}: {written.stat().st_size:,} bytes")
    ours = TTFont(source)
    ascent, descent = (
        height / ours["head"].unitsPerEm for height in (ours["hhea"].ascent, -ours["hhea"].descent)
    )
    for family, names, font in SYSTEM_FONTS:
        size = mean_width(ours) / mean_width(TTFont(packages / font))
        sources = ", ".join(f'local("{name}")' for name in names)
        heights = {"ascent": ascent / size, "descent": descent / size}
        print(RULE.format(family=family, sources=sources, size=size, **heights))


def subset(source: Path, codes: list[int], to: Path) -> None:
    options = Options(flavor="woff2", layout_features=["kern", "mark", "mkmk", "ccmp", "locl"])
    font = load_font(source, options)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    to.parent.mkdir(exist_ok=True)
    save_font(font, to, options)


def mean_width(font: TTFont) -> float:
    """Of a letter in English, in ems."""
    text = (ROOT / "fixtures" / "show-notes.txt").read_text(encoding="utf-8")
    counts = Counter(char for char in text if char.isascii() and (char.isalpha() or char == " "))
    glyphs, widths = font.getBestCmap(), font["hmtx"]
    total = sum(count * widths[glyphs[ord(char)]][0] for char, count in counts.items())
    return total / counts.total() / font["head"].unitsPerEm


if __name__ == "__main__":
    main()
