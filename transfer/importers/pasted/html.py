"""Notes in HTML, from a site's editor or a document, as the text that a host edits. Pure."""

import re
from dataclasses import dataclass, field

from notes.grammar.headings import heading_in
from notes.parse import parse
from text.problems import Problem, error, warning
from transfer.importers.feed.boilerplate import Boilerplate
from transfer.importers.feed.notes import with_topics
from transfer.importers.html_to_markdown import to_markdown
from transfer.importers.left_out import WHERE, left_out

# Elements that lay out a text. Notes in Markdown rarely have one, HTML has many.
ELEMENT = re.compile(
    r"<(p|div|ul|ol|li|h[1-6]|table|tr|blockquote|section|article)\b[^<>]{0,2000}>", re.IGNORECASE
)
CLOSING = re.compile(r"</(?:p|div|ul|ol|li|h[1-6]|table|blockquote|section|article)\s*>", re.I)
FEWEST = 2
LONGEST_HTML = 500_000  # characters: what takes seconds to read
TOO_LONG = f"HTML of more than {LONGEST_HTML:,} characters isn’t read. Paste it in parts."
SHORTCODE = re.compile(r"\[(audio|video|embed|playlist|gallery|caption|podcast\w*)\b[^\]]{0,500}\]")
LOOSE_ITEMS = re.compile(r"^(- .*)\n\n(?=- )", re.MULTILINE)
FIRST_HEADING = re.compile(r"#{1,6} (.+)")
ESCAPE = re.compile(r"\\([\\`*_\[\]<#])")
# Markdown that was typed into a document, which links the address by itself.
TYPED_HEADING = re.compile(r"^\\(?=#{1,6} )", re.MULTILINE)
TYPED_LINK = re.compile(r"\\\[([^\[\]\n]{1,300})\\\]\(<(https?://[^<>\s()]{1,2000})>\)")


@dataclass(frozen=True, slots=True)
class PastedHtml:
    """The notes as Markdown. The problems' lines are those of the HTML."""

    text: str
    problems: list[Problem] = field(default_factory=list)


def looks_like_html(text: str) -> bool:
    """Whether this is HTML, and nothing that show notes can be read from as they are."""
    if len(ELEMENT.findall(text, 0, 100_000)) < FEWEST or not CLOSING.search(text):
        return False
    draft = parse(text).draft
    return not (draft.title or draft.topics or draft.references or draft.libraries)


def read_html(source: str) -> PastedHtml:
    """The whole notes of an episode. A heading that opens them is the title."""
    part = read_fragment(source)
    if len(source) > LONGEST_HTML:
        return part
    text = with_topics(_titled(part.text))
    return PastedHtml(text.strip() + "\n" if text.strip() else "", part.problems)


def read_fragment(source: str) -> PastedHtml:
    """Part of some notes. Lines that hosting companies add are left out, and named.

    A text that is too long stays as it is.
    """
    if len(source) > LONGEST_HTML:
        return PastedHtml(source, [error(TOO_LONG, field="html")])
    boilerplate = Boilerplate()
    markdown = boilerplate.without(to_markdown(source))
    problems = _untaken(source)
    for company, count in boilerplate.counts.items():
        message = f"Left out: {count} line{'s' * (count > 1)} that {company} adds to notes."
        problems.append(warning(message, field="boilerplate", value=company))
    markdown = TYPED_LINK.sub(r"[\1](\2)", TYPED_HEADING.sub("", markdown))
    return PastedHtml(LOOSE_ITEMS.sub(r"\1\n", markdown), problems)


def _titled(markdown: str) -> str:
    first, _, rest = markdown.partition("\n")
    heading = FIRST_HEADING.fullmatch(first)
    if not heading or heading_in(first):
        return markdown
    title = ESCAPE.sub(r"\1", heading[1]).replace("&amp;", "&").strip("*")
    return f"# {title}\n{rest}"


def _untaken(source: str) -> list[Problem]:
    problems, line, at = left_out(source), 1, 0
    for found in SHORTCODE.finditer(source):
        line += source.count("\n", at, found.start())
        at = found.start()
        message = f"A shortcode stays as text: [{found[1]}], {WHERE} on line {line}."
        problems.append(warning(message, field=found[1], value=found[0]))
    return problems
