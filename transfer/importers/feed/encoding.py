"""A feed's bytes as text that an XML parser takes: in any encoding, with what people get wrong.

Mended are: white space and marks before the declaration, control characters, `&nbsp;` and its
like (which XML doesn't know), and `&` that begins nothing. Other faults are the parser's to name.
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
# Python knows encodings that are none of text, and some that run for long.
KNOWN = re.compile(
    r"utf-8|ascii|iso8859-\d+|cp125\d|koi8-[ru]|mac-roman|shift_jis|cp932|euc_\w+|gb\w+|big5"
)
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
REFERENCE = re.compile(r"&(?:#(?P<number>[0-9]{1,8}|[xX][0-9a-fA-F]{1,8});|(?P<name>\w{1,32});)?")
XML_NAMES = {"amp", "lt", "gt", "quot", "apos"}
LONGEST_REFERENCE = 40


def _windows(failure: UnicodeError) -> tuple[str, int]:
    """Bytes that are no UTF-8 are mostly those of Windows, pasted in."""
    if not isinstance(failure, UnicodeDecodeError):
        raise failure
    byte = failure.object[failure.start : failure.start + 1]
    return byte.decode("cp1252", "replace"), failure.start + 1


codecs.register_error("windows-1252", _windows)


def encoding_of(beginning: bytes) -> str:
    """The encoding a file states; UTF-8 where it states none that is known.

    ISO-8859-1 is read as Windows' superset of it, as browsers do.
    """
    for mark, name in BOMS.items():
        if beginning.startswith(mark):
            return name
    declared = DECLARED.match(beginning)
    try:
        name = codecs.lookup(declared[1].decode("ascii")).name if declared else "utf-8"
    except LookupError:
        name = "utf-8"
    if name in ("iso8859-1", "ascii"):
        return "cp1252" if name == "iso8859-1" else "utf-8"
    return name if KNOWN.fullmatch(name) else "utf-8"


def decoded(file: BinaryIO) -> Iterator[str]:
    """The file's text from its beginning, in blocks of constant size, without forbidden characters.

    Line ends stay as they are; lines are counted by what comes out.
    """
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


def mended(text: str) -> str:
    """Text between tags, or a tag, with every `&` of it the beginning of what XML knows."""
    return REFERENCE.sub(_reference, text)


def _reference(match: re.Match[str]) -> str:
    number, name = match["number"], match["name"]
    if number:
        return _character(match[0])
    if name in XML_NAMES:
        return match[0]
    if name and (meant := html5.get(f"{name};")):
        return escape(meant, {'"': "&quot;"})
    return f"&amp;{match[0][1:]}"


def _character(reference: str) -> str:
    """A numbered character; HTML's reading of those that XML forbids or nobody means."""
    return escape(FORBIDDEN.sub("", unescape(reference)), {'"': "&quot;", "'": "&apos;"})
