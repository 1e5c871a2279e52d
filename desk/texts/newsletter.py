"""A newsletter's text in Markdown as plain text, and as HTML that mail programs show."""

import re
from collections.abc import Mapping
from html import escape

from desk.placeholders import fill
from desk.texts.quote import quotable_topics
from desk.texts.values import Material
from episodes.addresses import absolute_url
from text.markup import render_block

LINK = re.compile(r"\[([^\]\n]{1,300})\]\(([^()\s]+)\)")
STRONG = re.compile(r"(\*\*|\*)(?=\S)(.{1,300}?)(?<=\S)\1")
HEADING = re.compile(r"^#{1,6} +", re.MULTILINE)
# What Markdown gives a meaning, outside of addresses, and what does so at a line's beginning.
MARKUP = re.compile(r"https?://[^\s<>()\[\]\\`*]+|[\\`*_\[\]<>#&!|~]")
BEGINNING = re.compile(r"^(?=[-+=])|^(\d{1,9})(?=[.)])")
ADDRESSES = ("url", "short_url", "quote_url", "quote_short_url", "clip_url", "home")
LISTS = ("chapters", "topics")
PATH = re.compile(r'((?:href|src)=")(/(?!/)[^"]*)')
TAG = re.compile(r'<(\w+)((?: [\w-]+="[^"]*")*)>')
FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
# Mail programs ignore style sheets.
STYLES = {
    "h2": "margin:0 0 16px;font-size:22px;line-height:1.3",
    "h3": "margin:24px 0 8px;font-size:18px;line-height:1.3",
    "p": "margin:0 0 16px",
    "a": "color:#173781",
    "ul": "margin:0 0 16px;padding-left:20px",
    "ol": "margin:0 0 16px;padding-left:24px",
    "li": "margin:0 0 6px",
    "blockquote": "margin:0 0 16px;padding-left:14px;border-left:3px solid #e8a05c",
    "img": "display:block;max-width:100%;height:auto;border:0;border-radius:8px",
    "hr": "margin:24px 0;border:0;border-top:1px solid #cccccc",
}
BODY = f"max-width:600px;{FONT};font-size:16px;line-height:1.5"


def newsletter_plain(template: str, values: Mapping[str, str]) -> str:
    """The text without marks; a link's address follows its words. The picture is left out."""
    text = LINK.sub(r"\1: \2", HEADING.sub("", template))
    return fill(STRONG.sub(r"\2", text), {**values, "picture": ""})


def newsletter_html(
    template: str, values: Mapping[str, str], material: Material, picture: str
) -> str:
    """Sanitised HTML without styles, as the desk shows it; `picture` is Markdown."""
    filled = fill(template, _markdown_values(values, material) | {"picture": picture})
    return render_block(re.sub(r"(?<=\S)\n(?=\S)", "  \n", filled))


def for_mail(html: str, material: Material) -> str:
    """The same with inline styles and absolute addresses, to paste into a newsletter."""
    absolute = PATH.sub(lambda match: match[1] + absolute_url(match[2]), html)
    language = escape(material.episode.language or material.show.language)
    return f'<div lang="{language}" style="{BODY}">\n{TAG.sub(_with_style, absolute)}\n</div>'


def picture_of(material: Material) -> str:
    """The episode's picture as Markdown, a link to its page; empty if there is none."""
    image = material.picture
    return f"[![{escape_markdown(image.alt)}]({image.address})]({material.url})" if image else ""


def _with_style(match: re.Match[str]) -> str:
    style = STYLES.get(match[1])
    return f'<{match[1]}{match[2]} style="{style}">' if style else match[0]


def _markdown_values(values: Mapping[str, str], material: Material) -> dict[str, str]:
    """No value can add markup; a list's lines become items."""
    markdown = {
        name: value if name in ADDRESSES else escape_markdown(value)
        for name, value in values.items()
    }
    for name in LISTS:
        markdown[name] = _items(values[name].splitlines())
    markdown["topics"] = "".join(
        f"\n- [{row.time}]({material.url}?t={row.seconds}) {escape_markdown(row.plain)}"
        for row in quotable_topics(material.episode)
    )
    return markdown


def _items(lines: list[str]) -> str:
    return "".join(f"\n- {escape_markdown(line)}" for line in lines)


def escape_markdown(text: str) -> str:
    """Markdown that shows these words as they are. Addresses stay, and become links."""
    escaped = MARKUP.sub(lambda match: match[0] if match[0][1:] else f"\\{match[0]}", text)
    return BEGINNING.sub(lambda match: f"{match[1]}\\" if match[1] else "\\", escaped)
