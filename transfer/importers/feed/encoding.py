"""Decodes a feed's bytes into text that an XML parser accepts, with common faults fixed.

Faults are white space and a BOM before the declaration, control characters, HTML's entities such as
`&nbsp;`, and a single `&`. The parser reports other faults.
"""

import codecs
import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5
from typing import BinaryIO
from xml.sax.saxutils import escape

BLOCK = 256 * 1024
BOMS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
DECLARED = re.compile(rb"""\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]{1,40})["']""")
# Not all that Python has: some of its codecs aren't for text, and some are slow.
ENCODINGS = re.compile(
    r"utf-8|iso8859-\d+|cp125\d|koi8-[ru]|mac-roman|shift_jis|cp932|euc_\w+|gb\w+|big5"
)
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
REFERENCE = re.compile(r"&(?:#(?P<number>[0-9]{1,8}|[xX][0-9a-fA-F]{1,8});|(?P<name>\w{1,32});)?")
XML_NAMES = {"amp", "lt", "gt", "quot", "apos"}
LONGEST_REFERENCE = 40


def _windows(failure: UnicodeError) -> tuple[str, int]:
    """Decode bytes that aren't UTF-8 as Windows-1252, which people paste in most often."""
    if not isinstance(failure, UnicodeDecodeError):
        raise failure
    byte = failure.object[failure.start : failure.start + 1]
    return byte.decode("cp1252", "replace"), failure.start + 1


codecs.register_error("windows-1252", _windows)


def encoding_of(beginning: bytes) -> str:
    """The encoding that a file states; UTF-8 if it states none that we read.

    ISO-8859-1 is read as its superset Windows-1252, as browsers do.
    """
    for bom, name in BOMS.items():
        if beginning.startswith(bom):
            return name
    declared = DECLARED.match(beginning)
    try:
        name = codecs.lookup(declared[1].decode("ascii")).name if declared else "utf-8"
    except LookupError:
        return "utf-8"
    if name == "iso8859-1":
        return "cp1252"
    return name if ENCODINGS.fullmatch(name) else "utf-8"


def decoded(file: BinaryIO) -> Iterator[str]:
    """The file's text in blocks, without forbidden characters; line ends stay as they are."""
    file.seek(0)
    block = file.read(BLOCK)
    decoder = codecs.getincrementaldecoder(encoding_of(block))(errors="windows-1252")
    begun = False
    while True:
        text = FORBIDDEN.sub("", decoder.decode(block, final=not block))
        if not begun:
            text = text.lstrip("\ufeff \t\r\n")
            begun = bool(text)
        if text:
            yield text
        if not block:
            return
        block = file.read(BLOCK)


def fix_references(text: str) -> str:
    """The text, or tag, with every `&` the beginning of a reference that XML accepts."""
    return REFERENCE.sub(_reference, text)


def _reference(match: re.Match[str]) -> str:
    """The reference as XML; one that XML forbids is dropped, one that HTML lacks is only text."""
    reference, name = match[0], match["name"]
    if name in XML_NAMES:
        return reference
    if match["number"] or f"{name};" in html5:
        reference = FORBIDDEN.sub("", unescape(reference))
    return escape(reference, {'"': "&quot;", "'": "&apos;"})
