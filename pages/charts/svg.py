"""SVG elements as escaped markup, with their numbers and labels."""

from django.templatetags.static import static
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from stack.directory import icon_of
from stack.models import Technology
from text.names import initials

ICON = 14  # pixels
FRAME = "M1 .5h12q.5 0 .5.5v12q0 .5-.5.5H1q-.5 0-.5-.5V1q0-.5.5-.5z"

Attribute = str | int | float


def element(name: str, *children: str, **attributes: Attribute) -> SafeString:
    """`<name …>children</name>`. Children are escaped unless they are markup already.

    Underscores in names become hyphens, and a final one is dropped: `class_`, `text_anchor`.
    """
    # format_html would be slower, and a chart has hundreds of elements.
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_written(each)}"'
        for key, each in attributes.items()
    )
    inner = "".join(conditional_escape(child) for child in children)
    if not inner:
        return SafeString(f"<{name}{written}/>")
    return SafeString(f"<{name}{written}>{inner}</{name}>")


def chart(
    name: str, width: int, height: int, *children: str, **attributes: Attribute
) -> SafeString:
    """An `<svg>` of the class `name`, of this size in pixels."""
    return element(
        "svg",
        *children,
        class_=name,
        width=width,
        height=height,
        viewBox=f"0 0 {width} {height}",
        **attributes,
    )


def technology_icon(technology: Technology, x: int, y: int) -> SafeString:
    """A technology's icon, else its initial in a frame; `x` and `y` are the top left corner."""
    if name := icon_of(technology.name, technology.slug):
        scale = f"translate({x} {y}) scale({number(ICON / 24)})"
        return element("use", href=f"{static(f'icons/{name}.svg')}#i", transform=scale)
    initial = element("text", initials(technology.name)[:1], x=ICON // 2, y=10)
    frame = element("path", d=FRAME)
    return element("g", frame, initial, class_="initial", transform=f"translate({x} {y})")


def number(value: float) -> str:
    """With at most two decimals: `12.5`, `40`."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def shorten(text: str, limit: int) -> str:
    """The text on one line of at most `limit` characters, cut with an ellipsis."""
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def _written(value: Attribute) -> str:
    if isinstance(value, int):
        return str(value)
    return number(value) if isinstance(value, float) else conditional_escape(value)
