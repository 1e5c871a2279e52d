"""The show's text for support, which most feeds repeat below each item's notes."""

import re
from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction

from notes.grammar.document import support_in
from notes.models import ImportSource
from show.models import Show
from text.markup import plain_block
from text.names import fold_typography
from transfer.importers.report import Report
from transfer.importers.rows import RowMerge

KEY = "support"  # of what a feed's items say about the show


@dataclass(slots=True)
class SupportTexts:
    """Counts the blocks “Support the show” of a feed's items, as readers see them."""

    counts: Counter[str] = field(default_factory=Counter)
    texts: dict[str, str] = field(default_factory=dict)

    def add(self, markdown: str, slug: str | None) -> None:
        """Count the block of the item with this slug, if it has one."""
        if text := support_in(markdown):
            words = fold_typography(plain_block(text))
            self.counts[words] += 1
            self.texts.setdefault(words, _without_campaign(text, slug) if slug else text)

    @property
    def commonest(self) -> str:
        """The block that most items have, as the first of them has it; empty if none has one."""
        return next((self.texts[words] for words, _ in self.counts.most_common(1)), "")


def merge_support(text: str, report: Report) -> None:
    """Merge the text into the show's row: links come to the same words without any."""
    with transaction.atomic():
        show = Show.objects.select_for_update().first() or Show.objects.create()
        rows = RowMerge(Show, ImportSource.FEED, markup=True)
        outcome = rows.merge(KEY, show, {"support_text": text}, report)
        transaction.set_rollback(report.rolls_back_each)
    if outcome == "changed":
        report.outcome("The show’s text for support", outcome)


def _without_campaign(markdown: str, slug: str) -> str:
    """The text without the parameters of links that name one episode, such as `utm_campaign`."""
    parameter = rf"(?<=[?&])[\w.-]+=[^&#\s)]*{re.escape(slug)}[^&#\s)]*&?"
    return re.sub(r"[?&](?=[)#\s])", "", re.sub(parameter, "", markdown))
