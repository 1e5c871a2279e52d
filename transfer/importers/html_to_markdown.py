"""Converts show notes in HTML to Markdown, line by line, for the parser of show notes."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin

import nh3

from notes.grammar.items import is_balanced, is_link_url
from notes.grammar.lines import clean
from text.urls import direct_url, is_web_url

# Elements with a blank line before and after.
BLOCKS = set("p div section article blockquote pre table ul ol dl hr figure header footer".split())
LINES = {"br", "tr", "dt", "dd", "li"}
HEADINGS = {f"h{level}": "#" * max(2, level) for level in range(1, 7)}
EMPHASIS = {"b": "**", "i": "*", "code": "`"}
TAGS = BLOCKS | LINES | set(HEADINGS) | set(EMPHASIS) | {"a", "img", "td", "th", "span"}
ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt"},
    "p": {"style", "class"},
    "span": {"style"},
}
# Google Docs wraps what it copies in a <b> that isn't bold.
NOT_BOLD = re.compile(r"font-weight:\s*(?:normal|[1-5]00)", re.IGNORECASE)
# Its emphasis is a span's style.
STYLED = (
    ("b", re.compile(r"font-weight:\s*(?:bold|[6-9]00)", re.IGNORECASE)),
    ("i", re.compile(r"font-style:\s*italic", re.IGNORECASE)),
)
WORD_TITLE = "MsoTitle"  # the class of a paragraph in Word's style “Title”
# Word's list items are paragraphs. Their bullet, a character of some symbol font, is marked.
WORD_ITEM = re.compile(r"mso-list:\s*(?!none|ignore)\w", re.IGNORECASE)
WORD_BULLET = re.compile(r"mso-list:\s*ignore", re.IGNORECASE)
HIDDEN = {"script", "style", "title"}
TAGGED = re.compile(r"</?[a-z][^<>]{0,2000}>|&(?:#\d+|#x[0-9a-f]+|[a-z]+);", re.IGNORECASE)
LAID_OUT = re.compile(r"<(?:p|br|li|div|h[1-6]|tr|dt)[\s/>]", re.IGNORECASE)
# Characters with a meaning in Markdown: within a line, and at its beginning.
INLINE = re.compile(r"[\\`*\[\]]|(?<![^\W_])_|_(?![^\W_])|<(?=[a-zA-Z/!?])|&(?=#?\w{1,32};)")
LEADING = re.compile(r"^(\s{0,3})(#{1,6}(?=\s)|>|[=-]{2,}\s*$|~~~)")
# Brackets belong to an address in pairs: /wiki/Go_(game), but not (see https://a.example/).
PAIR = r"\([^\s<>\"()]*\)"
ADDRESS = re.compile(
    rf"https?://(?:{PAIR}|[^\s<>\"(])*(?:{PAIR}|[^\s<>\"(.,;:!?)\]'}}*_])", re.IGNORECASE
)
TIME = r"\d{1,3}(?::\d\d){1,2}(?:\.\d{1,3})?"
CLOCK = re.compile(rf"\W{{0,2}}{TIME}(?:\s?[-–—]\s?{TIME})?\W{{0,2}}")
# A link such as “[0:12] Words” to ?t=12 only repeats the time.
TIMED = re.compile(rf"\W{{0,3}}{TIME}(?:\s?[-–—]\s?{TIME})?(?![\w:])\W{{0,3}}")
TIME_LINK = re.compile(r"[?&#](?:t|ts|time|start|timestamp)=[\dhms:.]+$", re.IGNORECASE)
ARROWS = " →›»"
MOST_OPEN = 20  # emphasis and links within each other; deeper ones are only text
MOST_GROWTH = 5  # cleaned HTML may be so many times as long: it spells out what was left open
# Open elements, as in browsers: for each new one, nh3 looks through all of them.
MOST_DEEP = 500
IN_TAG = r"""(?:[^<>"']|"[^"]*"|'[^']*')*+>?"""
TAG = re.compile(rf"<!--.*?(?:-->|\Z)|<(/?)([a-z][a-z0-9]*){IN_TAG}", re.IGNORECASE | re.DOTALL)
CLOSE_THEMSELVES = set("br hr img wbr input p li dt dd tr td th".split())
# Parsers of HTML open these again in each paragraph until they are closed, though at most three
# that are alike: without attributes and synonyms, nine.
FORMATTING = {"b": "b", "strong": "b", "i": "i", "em": "i", "code": "code"}
FORMATTING |= dict.fromkeys("big font nobr s small strike tt u".split(), "")
FORMATTING_TAG = re.compile(
    rf"<(/?)({'|'.join(FORMATTING)})(?=[\s/>]){IN_TAG}", re.IGNORECASE | re.ASCII
)


def to_markdown(source: str, base: str = "") -> str:
    """Notes in HTML or plain text as Markdown, relative links joined to `base`. Never raises."""
    if not TAGGED.search(source):
        return "\n".join(map(escaped, clean(source).split("\n"))).strip()
    source = FORMATTING_TAG.sub(_without_attributes, source)
    if _is_too_deep(source):
        source = TAG.sub("<br>", source)
    if not LAID_OUT.search(source):
        source = source.strip().replace("\n", "<br>")
    cleaned = _clean(source)
    if len(cleaned) > MOST_GROWTH * len(source) + 10_000:
        cleaned = _clean(TAG.sub("<br>", source))
    writer = _Writer(base)
    writer.feed(cleaned)
    writer.close()
    return writer.markdown()


def _clean(source: str) -> str:
    """Well-formed HTML, without scripts and their content."""
    return nh3.clean(source, TAGS, clean_content_tags=HIDDEN, attributes=ATTRIBUTES)


def _is_too_deep(source: str) -> bool:
    """Whether more than MOST_DEEP elements are open at once.

    Only the last one that was opened can be closed: of others, a parser may leave it open.
    """
    is_open = [""]
    for slash, name in TAG.findall(source):
        name = name.lower()
        if name in CLOSE_THEMSELVES or not name:
            continue
        if not slash:
            is_open.append(name)
        elif is_open[-1] == name:
            is_open.pop()
        if len(is_open) > MOST_DEEP:
            return True
    return False


def _without_attributes(tag: re.Match[str]) -> str:
    name = FORMATTING[tag[2].lower()]
    return f"<{tag[1]}{name}>" if name and not NOT_BOLD.search(tag[0]) else ""


def escaped(text: str) -> str:
    """A line of plain text, so that Markdown shows it unchanged and links its addresses."""
    parts, at = [], 0
    for found in ADDRESS.finditer(text):
        if is_web_url(found[0]):
            parts += [_words(text[at : found.start()]), f"<{found[0]}>"]
            at = found.end()
    return LEADING.sub(r"\1\\\2", "".join([*parts, _words(text[at:])]))


def linked(text: str, address: str) -> str:
    """A line of plain text as a link to this address, if that is one."""
    return _link(_words(text), address) if is_link_url(address) else escaped(text)


def _words(text: str) -> str:
    return INLINE.sub(lambda found: "&amp;" if found[0] == "&" else f"\\{found[0]}", text)


class _Writer(HTMLParser):
    """Collects lines. Lists of all kinds become `- ` lines."""

    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=True)
        self.base = base
        self.lines: list[str] = []
        self.line: list[str] = []
        self.prefix = ""
        # Open emphasis and links: tag, address, and where in the line the text begins.
        self.open: list[tuple[str, str, int]] = []
        # Of the open spans: whether it holds a bullet of Word, and the emphasis that it opened.
        self.spans: list[tuple[bool, list[str]]] = []

    def markdown(self) -> str:
        self._end_line()
        return re.sub(r"\n{3,}", "\n\n", clean("\n".join(self.lines))).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        style = values.get("style") or ""
        if tag == "span":
            self._open_span(style)
        elif tag in BLOCKS or tag in HEADINGS:
            self._end_block()
        elif tag in LINES:
            self._end_line("  " if tag == "br" else "")
        if tag in HEADINGS:
            self.prefix = f"{HEADINGS[tag]} "
        elif WORD_TITLE in (values.get("class") or "").split():
            self.prefix = f"{HEADINGS['h1']} "
        elif tag == "li" or (tag == "p" and WORD_ITEM.search(style)):
            self.prefix = "- "
        elif tag in ("td", "th"):
            self.line.append(" ")
        elif tag == "img":
            address = self._address(values.get("src"))
            if is_web_url(address) and is_balanced(address, "("):
                self.line.append(f"![{_words(values.get('alt') or '')}]({address})")
        elif (tag in EMPHASIS or tag == "a") and len(self.open) < MOST_OPEN:
            self.open.append((tag, self._address(values.get("href")), len(self.line)))

    def handle_endtag(self, tag: str) -> None:
        if tag == "span":
            for each in reversed(self.spans.pop()[1]):
                self._close_last(each)
        elif tag in BLOCKS or tag in HEADINGS:
            self._end_block()
        elif tag in LINES:
            self._end_line()
        else:
            self._close_last(tag)

    def handle_data(self, data: str) -> None:
        if any(is_bullet for is_bullet, _ in self.spans):
            return
        text, tags = re.sub(r"\s+", " ", data), [tag for tag, _, _ in self.open]
        self.line.append(text if "code" in tags else _words(text) if "a" in tags else escaped(text))

    def _open_span(self, style: str) -> None:
        """A heading needs no emphasis of its own."""
        found = [tag for tag, pattern in STYLED if pattern.search(style)]
        if self.prefix.startswith("#") or len(self.open) >= MOST_OPEN:
            found = []
        self.open += [(tag, "", len(self.line)) for tag in found]
        self.spans.append((bool(WORD_BULLET.search(style)), found))

    def _close_last(self, tag: str) -> None:
        if self.open and self.open[-1][0] == tag:
            self._close(*self.open.pop())

    def _close(self, tag: str, address: str, start: int) -> None:
        """Wrap the text since the tag was opened; white space stays outside."""
        inner = "".join(self.line[start:])
        words = inner.strip()
        if tag == "a":
            wrapped = _link(words.rstrip(ARROWS), address)
        elif not words or CLOCK.fullmatch(words) or EMPHASIS[tag] in words:
            wrapped = words
        else:
            wrapped = f"{EMPHASIS[tag]}{words}{EMPHASIS[tag]}"
        before = inner[: len(inner) - len(inner.lstrip())]
        after = inner[len(inner.rstrip()) :] if words else ""
        self.line[start:] = [before, wrapped, after]

    def _end_block(self) -> None:
        self._end_line()
        if not self.prefix:
            self.lines.append("")

    def _end_line(self, ending: str = "") -> None:
        """Finish the line. Open tags go on in the next; a bullet waits for its text."""
        for tag, address, start in reversed(self.open):
            self._close(tag, address, start)
        self.open = [(tag, address, 0) for tag, address, _ in self.open]
        text = re.sub(r" {2,}", " ", "".join(self.line)).strip()
        self.line = []
        if text:
            self.lines.append(f"{self.prefix}{text}{ending}")
            self.prefix = ""
        elif ending and not self.prefix:
            self.lines.append("")

    def _address(self, value: str | None) -> str:
        if not value:
            return ""
        try:
            return direct_url(urljoin(self.base, value.strip()).replace(" ", "%20"))
        except ValueError:
            return ""


def _link(words: str, address: str) -> str:
    """A link in Markdown; only its text if it leads nowhere or is around a time."""
    if not words or CLOCK.fullmatch(words) or not is_link_url(address):
        return words
    at = 0
    while timed := TIMED.match(words, at):
        at = timed.end()
    if at:
        return words if TIME_LINK.search(address) else words[:at] + _link(words[at:], address)
    if words.replace("\\", "").replace("&amp;", "&") == address:
        return f"<{address}>"
    target = address if is_balanced(address, "(") and "\\" not in address else f"<{address}>"
    return f"[{words}]({target})"
