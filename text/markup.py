"""Renders Markdown to sanitised HTML when a text is saved: the only place that makes HTML."""

import functools
import re
from html import unescape

import nh3
from linkify_it import LinkifyIt
from linkify_it.main import Match
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline import linkify as linkify_rule
from markdown_it.token import Token

# Stored beside every fragment; raise it when the HTML below changes, and `rerender` catches up.
RENDERER = 2

# Help text of fields that take Markdown.
MARKDOWN = (
    "A blank line begins a paragraph; *this* is emphasised, **this** strong, and "
    "[words](https://example.org) become a link."
)

INLINE_TAGS = {"a", "b", "code", "del", "em", "i", "s", "strong"}
BLOCK_TAGS = INLINE_TAGS | {
    "blockquote", "br", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p", "pre",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}

# Emphasis and links take time quadratic in a paragraph's length. A longer one is plain text.
LONGEST_PARAGRAPH = 5_000  # characters
SCHEME = re.compile(r"(?<![a-z0-9.+-])(?:https?|ftp)$", re.IGNORECASE)
LONGEST_SCHEME = 6  # with the character before it

TAG = re.compile(r"<[^>]*>")
IMAGE = re.compile(r'<img src="([^"]*)"')
# XML 1.0, section 2.2: characters that a document may not hold, not even escaped.
ILLEGAL_XML = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


def render_block(markdown: str) -> str:
    """Sanitised HTML of several paragraphs. Raw HTML is escaped."""
    html = _parser().render(markdown)
    # A page has one h1 of its own.
    html = html.replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    return _clean(html, BLOCK_TAGS).strip()


def render_inline(markdown: str) -> str:
    """Sanitised HTML of one line, without a paragraph around it."""
    return _clean(_parser().renderInline(" ".join(markdown.split())), INLINE_TAGS)


def plain_text(markdown: str) -> str:
    """What a reader sees of a one-line text, without markup: for feeds, chapters, search."""
    return words_of(render_inline(markdown))


def plain_block(markdown: str) -> str:
    """What a reader sees of a longer text, as one line of words."""
    return words_of(render_block(markdown))


def words_of(html: str) -> str:
    """The words of our own HTML, on one line."""
    return " ".join(unescape(TAG.sub("", html)).split())


def links_in(markdown: str) -> list[str]:
    """Every address the text links to, in order, without repeats."""
    found = re.findall(r'<a href="([^"]*)"', render_block(markdown))
    return list(dict.fromkeys(unescape(url) for url in found))


def images_in(html: str) -> list[str]:
    """The address of every image in our own HTML, in order."""
    return [unescape(address) for address in IMAGE.findall(html)]


class AddressFinder(LinkifyIt):
    """Finds addresses by their scheme or `www.`: ASP.NET and web3.py are names."""

    def __init__(self) -> None:
        www = {"validate": self._validate_double_slash, "normalize": self._add_scheme}
        super().__init__(
            {"www.": www, "//": None, "ftp:": None}, {"fuzzy_link": False, "fuzzy_email": False}
        )

    def _add_scheme(self, match: Match) -> None:
        match.url = f"http://{match.url}"


@functools.cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"linkify": True, "html": False})
    parser.linkify = AddressFinder()
    parser.enable(["linkify", "table", "strikethrough"])
    parser.core.ruler.before("inline", "long_paragraphs", _leave_long_paragraphs)
    parser.inline.ruler.at("linkify", _linkify)
    return parser


def _leave_long_paragraphs(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline" and len(token.content) > LONGEST_PARAGRAPH:
            token.children = [Token("text", "", 0, content=token.content)]
            token.content = ""


def _linkify(state: StateInline, silent: bool) -> bool:
    """markdown-it's rule, but for its search for a scheme, which is quadratic."""
    if state.src[state.pos] != ":" or not SCHEME.search(state.pending[-LONGEST_SCHEME:]):
        return False
    return linkify_rule(state, silent)


def _clean(html: str, tags: set[str]) -> str:
    return nh3.clean(
        html, tags=tags, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener"
    )
