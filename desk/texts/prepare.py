"""A host's text for one episode, ready to send."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from desk.models import Outlet, TextTemplate
from desk.placeholders import fill
from desk.texts.newsletter import for_mail, newsletter_html, newsletter_plain, picture_of
from desk.texts.outlets import Rules, rules_of, share_address
from desk.texts.shortening import shorten
from desk.texts.values import Material, placeholder_values

NO_PICTURE = "*The episode’s picture is here once it is published.*"


@dataclass(frozen=True, slots=True)
class PreparedText:
    """`whole`: the text before parts were left out. `shown` is the newsletter as the desk shows it,
    and `html` the same for mail programs; both are empty for other texts. `nameless`: the guests
    named without a handle.
    """

    text: str
    whole: str
    left_out: tuple[str, ...]
    rules: Rules
    share: str
    nameless: tuple[str, ...] = ()
    shown: SafeString | str = ""
    html: str = ""

    @property
    def length(self) -> int:
        return self.rules.count(self.text)

    @property
    def excess(self) -> int:
        """By how much the whole text is too long; 0 if it isn't."""
        return max(0, self.rules.count(self.whole) - (self.rules.most or self.length))

    @property
    def is_too_long(self) -> bool:
        return self.rules.most is not None and self.length > self.rules.most


def prepare(template: TextTemplate, material: Material) -> PreparedText:
    """The template filled in for its outlet; the template may be unsaved. No query."""
    values = placeholder_values(material, template.outlet)
    rules = rules_of(template.outlet)
    if template.outlet == Outlet.NEWSLETTER:
        return _newsletter(template, values, material, rules)
    whole = fill(template.text, values)
    found = shorten(whole, lambda text: rules.most is None or rules.count(text) <= rules.most,
                    material.url)  # fmt: skip
    return PreparedText(
        found.text,
        whole,
        found.left_out,
        rules,
        share_address(template.outlet, found.text, material.url),
        _nameless(template, material, rules),
    )


def _newsletter(
    template: TextTemplate, values: Mapping[str, str], material: Material, rules: Rules
) -> PreparedText:
    """The desk can't show the picture of an episode that isn't public: it isn't drawn yet."""
    text = newsletter_plain(template.text, values)
    html = newsletter_html(template.text, values, material, picture_of(material))
    at_desk = html
    if not material.episode.is_published:
        at_desk = newsletter_html(template.text, values, material, NO_PICTURE)
    return PreparedText(
        text, text, (), rules, "",
        shown=mark_safe(at_desk),  # noqa: S308 - sanitised where it was rendered
        html=for_mail(html, material),
    )  # fmt: skip


def _nameless(template: TextTemplate, material: Material, rules: Rules) -> tuple[str, ...]:
    of_network = rules.handle
    if of_network is None or "{handle}" not in template.text:
        return ()
    guests = [row.guest for row in material.episode.appearances.all()]
    return tuple(guest.name for guest in guests if not of_network(guest))
