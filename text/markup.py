"""Renders Markdown to sanitised HTML when a text is saved: the only place that makes HTML."""

import functools
import re
from html import unescape

import nh3
from markdown_it import MarkdownIt

# Stored beside every fragment; raise it when the HTML below changes, and `rerender` catches up.
RENDERER = 1

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

TAG = re.compile(r"<[^>]*>")
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


@functools.cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"linkify": True, "html": False})
    return parser.enable(["linkify", "table", "strikethrough"])


def _clean(html: str, tags: set[str]) -> str:
    return nh3.clean(
        html, tags=tags, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener"
    )
