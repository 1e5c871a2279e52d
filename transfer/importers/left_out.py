"""Names what HTML has and the Markdown of `to_markdown` doesn't. Pure."""

from collections import Counter
from html.parser import HTMLParser

from text.problems import Problem, warning
from text.urls import is_web_url

# What Markdown can't hold, and the attribute that says what it is.
UNTAKEN = {
    "iframe": "src", "audio": "src", "video": "src", "source": "src", "embed": "src",
    "object": "data", "form": "action",
}  # fmt: skip
WHERE = "in what was pasted"


def left_out(source: str) -> list[Problem]:
    """A warning for each such element; its field is the element's name."""
    reader = _UntakenReader()
    reader.feed(source)
    return reader.problems


class _UntakenReader(HTMLParser):
    """Collects what `to_markdown` leaves out and a reader would miss."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.problems: list[Problem] = []
        self.seen: Counter[tuple[str, str]] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "img" and not is_web_url(values.get("src") or ""):
            self._add("img", (values.get("alt") or values.get("src") or "")[:80])
        elif tag == "table":
            self._add(tag, "", "A table becomes a line for each row")
        elif tag in UNTAKEN and (tag != "audio" or values.get("src")):
            self._add(tag, values.get(UNTAKEN[tag]) or "")

    def _add(self, tag: str, value: str, what: str = "") -> None:
        self.seen[tag, value] += 1
        if self.seen[tag, value] > 1:
            return
        line = self.getpos()[0]
        message = f"{what or f'Left out: <{tag}>'}, {WHERE} on line {line}."
        self.problems.append(warning(message, field=tag, value=value))
