"""Charts: well-formed, accurate, and safe with any name."""

from collections import Counter
from itertools import pairwise
from xml.etree.ElementTree import Element, fromstring

import pytest
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from episodes.counts import UsageYear
from pages.charts.by_year import ROW, SINGLE_ROW, histories, technology_chart, years_chart
from pages.charts.cooccurrence import CELL, TechnologyPair, cooccurrence_chart
from pages.charts.svg import element, number, shorten
from pages.charts.timeline import segments, timeline_chart
from pages.moments import Moment, parse_moment
from stack.models import Technology
from topics.models import Topic

HOSTILE = ['<script>alert("1")</script>', "a\"b'c&d", "שלום עולם", "]]>", "x" * 400, "</svg>"]
# Seconds in any order, often equal, sometimes beyond the end.
times = st.lists(st.integers(0, 600) | st.integers(0, 604_800), min_size=1, max_size=90)
lengths = st.none() | st.integers(0, 604_800)
names = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=60)


def topics_at(*seconds: int, text: str = "Why Django") -> list[Topic]:
    return [Topic(seconds=each, plain=text) for each in seconds]


def parsed(chart: str) -> Element:
    """The chart as XML, without anything that a strict Content-Security-Policy blocks."""
    assert isinstance(chart, SafeString)
    root = fromstring(chart)
    for each in root.iter():
        assert each.tag in {"svg", "g", "a", "title", "rect", "line", "path", "text", "use"}
        assert each.tag != "use" or each.attrib["href"].startswith("/static/icons/")
        assert not [name for name in each.attrib if name == "style" or name.startswith("on")]
    return root


def percent(value: str | None) -> float:
    assert value is not None
    assert value.endswith("%")
    return float(value[:-1])


def titles(root: Element) -> list[str]:
    return [each.text or "" for each in root.iter("title")]


# SVG


def test_elements_escape_text_and_attributes_but_not_elements() -> None:
    inner = element("title", '<b> & "')
    assert inner == "<title>&lt;b&gt; &amp; &quot;</title>"
    outer = element("a", inner, href='"><x>', class_="y", aria_hidden="true")
    assert outer == f'<a href="&quot;&gt;&lt;x&gt;" class="y" aria-hidden="true">{inner}</a>'
    assert element("rect", x=0, y=1.5) == '<rect x="0" y="1.5"/>'


def test_numbers_and_names_are_written_short() -> None:
    assert [number(each) for each in (0.0, 12.0, 12.5, 33.3333, 100.0)] == [
        "0", "12", "12.5", "33.33", "100",
    ]  # fmt: skip
    assert shorten("Amazon  Web\nServices", 30) == "Amazon Web Services"
    assert shorten("Amazon Web Services", 8) == "Amazon…"


# Timeline


@given(times, lengths)
def test_segments_cover_the_episode_from_its_first_topic(seconds: list[int], length) -> None:
    parts = segments(topics_at(*seconds), length)
    assert [part.start for part in parts] == sorted(set(seconds))
    assert all(part.start < part.end for part in parts)
    assert all(before.end == after.start for before, after in pairwise(parts))
    assert sum(len(part.topics) for part in parts) == len(seconds)
    if length and length > max(seconds):
        assert parts[-1].end == length


@given(times, lengths)
def test_the_timeline_shows_segments_in_proportion(seconds: list[int], length) -> None:
    chart = timeline_chart(topics_at(*seconds), length, None)
    if len(set(seconds)) < 3:
        assert chart == ""
        return
    bars = [each for link in parsed(chart).iter("a") for each in link.iter("rect")]
    starts = [percent(bar.get("x")) for bar in bars]
    widths = [percent(bar.get("width")) for bar in bars]
    assert min(widths) >= 0
    assert starts == sorted(starts)
    # Each is rounded to a hundredth of a percent.
    assert starts[0] + sum(widths) == pytest.approx(100, abs=0.005 * (len(bars) + 1))
    for (start, width), following in zip(
        zip(starts, widths, strict=True), [*starts[1:], 100], strict=True
    ):
        assert start + width == pytest.approx(following, abs=0.02)


def test_an_episode_without_topics_has_no_timeline() -> None:
    assert segments([], 3000) == []
    assert timeline_chart([], 3000, None) == ""
    assert timeline_chart(topics_at(0, 100, 100), 3000, None) == ""


def test_segments_lead_to_their_moments_and_say_what_is_there() -> None:
    topics = [
        Topic(seconds=60, plain="Why Django"),
        Topic(seconds=1526, plain="AWS <services>"),
        Topic(seconds=1526, plain="and Redis"),
        Topic(seconds=3700, plain="Best tips"),
    ]
    root = parsed(timeline_chart(topics, 4000, None))
    links = list(root.iter("a"))
    assert [link.get("href") for link in links] == ["?t=60", "?t=1526", "?t=3700"]
    assert titles(root) == [
        "1:00 Why Django",
        "25:26 AWS <services> · and Redis",
        "1:01:40 Best tips",
    ]
    # The list below it is what keyboards and screen readers use.
    assert root.get("aria-hidden") == "true"
    assert {link.get("tabindex") for link in links} == {"-1"}
    assert not [link for link in links if link.get("aria-current")]


@pytest.mark.parametrize(
    ("value", "current", "line"),
    [("25:26", ["?t=1526"], None), ("26:40", ["?t=1526"], "40%"), ("0:40", [], "1%")],
)
def test_the_moment_is_marked(value: str, current: list[str], line: str | None) -> None:
    topics = topics_at(60, 1526, 3700)
    moment = parse_moment(value, topics, 4000)
    root = parsed(timeline_chart(topics, 4000, moment))
    assert [each.get("href") for each in root.iter("a") if each.get("aria-current")] == current
    assert next((each.get("x1") for each in root.iter("line")), None) == line


def test_a_moment_beyond_what_is_drawn_is_not_marked() -> None:
    topics = topics_at(10, 20, 30)
    root = parsed(timeline_chart(topics, None, Moment(5000, topics[-1])))
    assert list(root.iter("line")) == []


def test_the_scale_ends_with_the_episode() -> None:
    root = parsed(timeline_chart(topics_at(60, 1526, 2000), 3029, None))
    ticks = [(each.get("x"), each.text) for each in root.iter("text")]
    assert ticks == [("0%", "0:00"), ("29.71%", "15:00"), ("59.43%", "30:00"), ("100%", "50:29")]


@given(names)
def test_any_words_may_be_in_a_topic(text: str) -> None:
    root = parsed(timeline_chart(topics_at(1, 2, 3, text=text), 10, None))
    assert all(title.split(" ", 1)[1] == shorten(text, 80) for title in titles(root))


def test_ninety_topics_stay_light() -> None:
    topics = topics_at(*range(30, 30 + 90 * 40, 40), text="A topic of the usual length, or so")
    assert len(timeline_chart(topics, 4000, Moment(70, topics[1]))) < 20_000


# Technologies


def technologies(*given_names: str) -> list[Technology]:
    return [Technology(pk=pk, name=name, slug=f"t{pk}") for pk, name in enumerate(given_names, 1)]


def years(*counts: tuple[int, dict[int, int]]) -> list[UsageYear]:
    return [
        UsageYear(2019 + place, episodes, Counter(used))
        for place, (episodes, used) in enumerate(counts)
    ]


def test_the_years_show_shares_of_each_year() -> None:
    rows = histories(
        technologies("Django", "Redis", "Sentry"),
        years((4, {1: 2, 2: 1}), (0, {}), (10, {1: 1, 2: 10})),
    )
    root = parsed(years_chart(rows))
    # The table below it is what keyboards and screen readers use.
    assert root.get("aria-hidden") == "true"
    assert [(each.get("href"), each.get("tabindex")) for each in root.iter("a")] == [
        ("/stack/t1", "-1"), ("/stack/t2", "-1"), ("/stack/t3", "-1"),
    ]  # fmt: skip
    assert titles(root) == [
        "2019: 2 of 4 (50 %)",
        "2021: 1 of 10 (10 %)",
        "2019: 1 of 4 (25 %)",
        "2021: 10 of 10 (100 %)",
    ]
    bars = list(root.iter("rect"))
    assert [float(bar.get("height", "")) for bar in bars] == [ROW * s for s in (0.5, 0.1, 0.25, 1)]
    for bar in bars:
        assert float(bar.get("y", "")) + float(bar.get("height", "")) == ROW
        assert int(bar.get("x", "")) >= 0
        assert int(bar.get("x", "")) + int(bar.get("width", "")) <= int(root.get("width", ""))
    words = [each.text for each in root.iter("text")]
    assert words == [
        "2019", "2020", "2021",
        "Django", "2", "0", "1", "Redis", "1", "0", "10", "Sentry", "0", "0", "0",
    ]  # fmt: skip
    numbers = [each for each in root.iter("text") if (each.text or "").isdigit()][3:]
    assert all(float(each.get("x", "")) + 16 <= int(root.get("width", "")) for each in numbers)


def test_too_little_data_draws_nothing() -> None:
    three = technologies("Django", "Redis", "Sentry")
    used = {1: 1, 2: 1, 3: 1}
    two_years = years((1, used), (1, used))
    assert years_chart(histories(three, two_years))
    assert years_chart(histories(three[:2], two_years)) == ""
    assert years_chart(histories(three, two_years[:1])) == ""
    assert years_chart(histories(three, years((1, {}), (1, {})))) == ""
    assert years_chart([]) == ""
    assert technology_chart(histories(three, two_years[:1])[0], label="years") == ""
    assert technology_chart(histories(three, [])[0], label="years") == ""


def test_a_long_show_draws_its_newest_years() -> None:
    (row,) = histories(technologies("Django"), years(*[(1, {1: 1})] * 30))
    assert [bar.year for bar in row.bars] == list(range(2037, 2049))
    root = parsed(technology_chart(row, label="by-year"))
    assert "’48" in [each.text for each in root.iter("text")]


def test_one_technology_has_its_numbers_over_its_bars() -> None:
    (row,) = histories(technologies("Django"), years((4, {1: 1}), (3, {}), (4, {1: 2})))
    root = parsed(technology_chart(row, label="by-year"))
    assert [each.text for each in root.iter("text")] == ["1", "0", "2", "2019", "2020", "2021"]
    assert [float(each.get("height", "")) for each in root.iter("rect")] == [
        SINGLE_ROW / 2,
        SINGLE_ROW,
    ]


def pair(first: Technology, second: Technology, together: int) -> TechnologyPair:
    return TechnologyPair(
        first, second, together, f"/podcast/?stack={first.slug}&stack={second.slug}"
    )


def test_the_chart_has_a_cell_for_every_pair() -> None:
    django, redis, lonely, sentry = technologies("Django", "Redis", "Lonely", "Sentry")
    pairs = {(1, 2): pair(redis, django, 8), (1, 4): pair(django, sentry, 2)}
    root = parsed(cooccurrence_chart([redis, django, lonely, sentry], pairs))
    steps = [each for each in root if each.tag == "g"]
    assert [step[-1].get("href") for step in steps] == ["/stack/t2", "/stack/t1", "/stack/t4"]
    cells = [list(step[0].iter("a")) for step in steps]
    assert [[cell.findtext("text") for cell in step] for step in cells] == [[], ["8"], ["2"]]
    assert [step[0].findtext("text") for step in steps] == [None, None, "0"]
    # Sentry meets Django, the second step, in the second column.
    columns = [[bar.get("x") for bar in step[0].iter("rect")] for step in steps]
    assert columns == [[], ["0"], [str(CELL)]]
    assert cells[1][0].attrib == {
        "href": "/podcast/?stack=t2&stack=t1",
        "rel": "nofollow",
        "tabindex": "-1",
    }
    assert root.get("aria-hidden") == "true"


def test_two_technologies_draw_no_chart() -> None:
    django, redis = technologies("Django", "Redis")
    assert cooccurrence_chart([django, redis], {(1, 2): pair(django, redis, 3)}) == ""
    assert cooccurrence_chart([], {}) == ""


@pytest.mark.parametrize("name", HOSTILE)
def test_technologies_may_have_any_name(name: str) -> None:
    rows = technologies(name, name, name)
    pairs = {(1, 2): pair(rows[0], rows[1], 1), (2, 3): pair(rows[1], rows[2], 1)}
    root = parsed(cooccurrence_chart(rows, pairs))
    assert f"{name} + {name}" in titles(root)
    used = {1: 1, 2: 1, 3: 1}
    root = parsed(years_chart(histories(rows, years((1, used), (1, used)))))
    assert shorten(name, 16) in [each.text for each in root.iter("text")]


def test_many_years_leave_no_room_for_numbers() -> None:
    rows = histories(technologies("Django", "Redis", "Sentry"), years(*[(1, {1: 1})] * 12))
    words = [each.text for each in parsed(years_chart(rows)).iter("text")]
    assert words[12:] == ["Django", "Redis", "Sentry"]


def test_a_long_name_is_whole_in_its_title() -> None:
    long = "Amazon Elastic Container Service"
    rows = histories(technologies(long, "Redis", "Go"), years((1, {1: 1}), (1, {1: 1})))
    assert long in titles(parsed(years_chart(rows)))
