"""Recognises the lines that hosting companies add to show notes. Pure."""

import re
from collections import Counter
from dataclasses import dataclass, field

# An address in plain text or Markdown, with or without words of its own.
LINK = r"(?:\[[^\]]*\]\([^)\s]*\)|<?https?://[^\s<>)]+>?|[\w.-]+\.[a-z]{2,}/[^\s)]*)"
WORDS = r"[^\n]{1,200}?"
APP = r"\[[^\]]*\]\([^)\s]*\)"
NAME = r"[A-Z][\w ]{1,30}+"
# The company, and what it writes; each pattern is a sentence or a line of its own.
PATTERNS = {
    "Omny Studio": (
        r"See (?:\[omnystudio\.com[^\]]*\]\([^)\s]*\)|omnystudio\.com\S*) for privacy inf\w+\.?",
    ),
    "Acast": (
        rf"Hosted on Acast\. See {LINK} for more information\.?",
        rf"See {LINK} for privacy (?:and opt-out )?information\.?",
        rf"Our GDPR privacy policy was updated on {WORDS}\. Visit {LINK} for more information\.?",
    ),
    "Megaphone": (rf"Learn more about your ad choices\. Visit {LINK}\.?",),
    "Art19": (rf"See Privacy Policy at {LINK}(?: and California Privacy Notice at {LINK})?\.?",),
    "Simplecast": (rf"Hosted by Simplecast, an AdsWizz company\. See {LINK} for {WORDS}\.",),
    "RedCircle": (
        rf"Advertising Inquiries: {LINK}",
        rf"Privacy & Opt-Out: {LINK}",
    ),
    "Captivate": (
        r"This podcast uses the following third-party services for analysis:",
        rf"(?:OP3|Podtrac|Chartable|Podder) - {LINK}",
    ),
    "Ausha": (rf"H(?:osted by Ausha\. See|ébergé par Ausha\. Visitez) {LINK} {WORDS}\.",),
    "Spreaker": (rf"Become a supporter of this podcast: {LINK}\.?",),
    "Anchor": (
        rf"Send in a voice message: {LINK}",
        r"Support this podcast: <?https://(?:anchor\.fm|podcasters\.spotify\.com)/\S+",
        r"Support this podcast: \[[^\]]*\]\(https://(?:anchor\.fm|podcasters\.spotify\.com)/\S+\)",
        rf"This episode is sponsored by\s+· Anchor: The easiest way to make a podcast\. +{LINK}",
    ),
    "Buzzsprout": (
        r"\[?Send us (?:a text|fan mail)(?: message)?\.?(?:\]\([^)\s]*\))?\.?",
        r"\[?Support the show\]\(https://www\.buzzsprout\.com/[^)\s]*\)\.?",
    ),
    "PowerPress": (
        r"\\?\[powerpress[^\]]{0,200}\]",
        r"(?:Podcast(?: \([^)]*\))?: )?\[?Play in new window\b.{0,900}",
        rf"Subscribe: {APP}(?: ?\\?\| ?{APP})*",
        rf"Subscribe: {NAME}(?: ?\\?\| ?{NAME})+",
    ),
    "WordPress": (
        rf"The post (?-i:[\[“\"'#\dA-ZÀ-Þ]){WORDS} (?:first appeared|appeared first) on {WORDS}\.",
    ),
    "Substack": (
        rf"This is a (?:free preview of a paid|public) episode\. {WORDS}visit {LINK}\.?",
        rf"Get full access to {WORDS} at {LINK}",
        r"\[(?:Subscribe(?: now)?|Share(?: this post)?)\]"
        r"\([^)\s]*(?:/subscribe\b|utm_source=substack|action=share)[^)\s]*\)",
        rf"Thanks for (?:reading|listening to) {WORDS}! (?:Subscribe|This post is public){WORDS}\.",
    ),
    "iVoox": (
        rf"Escucha (?:este episodio|el episodio|esta? \w+) completo {WORDS}iVoox{WORDS}",
        rf"Escucha este episodio completo y accede {WORDS}{LINK}",
    ),
}  # fmt: skip
AT_END = {
    host: re.compile(
        rf"(?:^|(?<=[.!?…:)\]])\s+)[*_]*(?:{'|'.join(patterns)})[*_]*\s*$", re.IGNORECASE
    )
    for host, patterns in PATTERNS.items()
}
# Such lines are left out, too, but the host may live on them.
SUPPORT = re.compile(r"\bsupport", re.IGNORECASE)
ADDRESS = re.compile(r"https?://[^\s)>\]]+")
# Longer lines are prose; the patterns' time grows with the square of a line.
LONGEST = 1_000
RULER = re.compile(r"\s*(?:-{3,}|\\?-{2,}|_{3,}|\*{3,})\s*")


@dataclass(slots=True)
class Boilerplate:
    """Takes boilerplate out of notes, and counts it by company, and its links for support."""

    counts: Counter[str] = field(default_factory=Counter)
    support: Counter[str] = field(default_factory=Counter)  # addresses

    @property
    def named(self) -> str:
        """The companies, with the number of their lines."""
        return ", ".join(f"{host} ({count:,})" for host, count in self.counts.most_common())

    def without(self, markdown: str) -> str:
        """The notes without such lines, and without rulers that then end nothing."""
        lines = [self._line(line) for line in markdown.split("\n")]
        if lines == markdown.split("\n"):
            return markdown
        return re.sub(r"\n{3,}", "\n\n", "\n".join(_without_idle_rulers(lines))).rstrip()

    def _line(self, line: str) -> str:
        """The line without the boilerplate at its end, of which there may be several sentences."""
        if len(line) > LONGEST:
            head, tail = line[:-LONGEST], line[-LONGEST:]
            return head + self._line(tail)
        for _ in PATTERNS:
            found = next(((h, m) for h, p in AT_END.items() if (m := p.search(line))), None)
            if found is None:
                break
            self.counts[found[0]] += 1
            if SUPPORT.search(found[1][0]):
                self.support.update(ADDRESS.findall(found[1][0])[:1])
            line = line[: found[1].start()]
        return line


def _without_idle_rulers(lines: list[str]) -> list[str]:
    """The lines without the rulers below which nothing stands but another ruler."""
    remaining: list[str] = []
    is_idle = True
    for line in reversed(lines):
        is_ruler = RULER.fullmatch(line) is not None
        if not (is_ruler and is_idle):
            remaining.append(line)
        is_idle = is_ruler or (is_idle and not line.strip())
    return remaining[::-1]
