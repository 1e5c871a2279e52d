"""Every odd way in which the old site's posts write a topic."""

from pathlib import Path

import pytest

from episodes.tests.factories import show
from topics.models import Topic
from transfer.tests.checkouts import checkout, import_site, imported, place, post

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("Why they\n  wrap lines", "Why they wrap lines"),
        ("Why they\n             wrap\n             lines", "Why they wrap lines"),
        ("Trailing spaces  ", "Trailing spaces"),
        ("See [the docs](https://docs.example.com/) first", None),
        ("See <https://docs.example.com/>", None),
        ("Mail <mailto:ann@example.com>", None),
        ("Calling `db.session -> commit` once", None),
        ("Never do it in *PRODUCTION* again", None),
        ("Q&amp;A about R&D", None),
        ("From Heroku -> AWS", None),
        ('What "done" means to Ann\'s team', None),
        ("-> an arrow first", "-> an arrow first"),
        ("word " * 78 + "ab", None),  # 392 characters
        ("Use the code {rip} {{ literally", None),
    ],
)
def test_a_topics_text_stays_as_written(tmp_path: Path, written: str, text: str | None):
    show()
    _, episode = imported(tmp_path, post(f"- 0:59 -- First\n- 1:00 -- {written}\n- 2:00 -- Last\n"))
    assert [row.text for row in episode.topics.all()] == ["First", text or written, "Last"]


@pytest.mark.parametrize(
    ("written", "text", "plain"),
    [
        ("See <{{ page.guest_website }}>", "See <https://ann.example.com>", "See https://ann.ex"),
        ("[@{{ page.guest_twitter}}](https://x.example/{{page.guest_twitter}})",
         "[@annlee](https://x.example/annlee)", "@annlee"),
        ("[site](\n        {{ page.guest_website }}) and more",
         "[site]( https://ann.example.com) and more", "site and more"),
        ("On [Twitter](https://x.example/{{\n        page.guest_twitter }}) now",
         "On [Twitter](https://x.example/annlee) now", "On Twitter now"),
    ],
)  # fmt: skip
def test_liquid_in_a_topic(tmp_path: Path, written: str, text: str, plain: str):
    show()
    out, episode = imported(tmp_path, post(f"- 1:00 -- {written}\n- 1:19-27 -- Last\n"))
    first, last = episode.topics.all()
    assert first.text == text
    assert first.plain.startswith(plain)
    assert (last.seconds, last.text) == (4767, "Last")
    assert "warning: Read as 1:19:27. [topic: 1:19-27]" in out


@pytest.mark.parametrize(
    ("written", "seconds"), [("1:11-20", 4280), ("1:04-22", 3862), ("1:19-27", 4767)]
)
def test_a_hyphen_within_a_time_is_fixed_and_named(tmp_path: Path, written: str, seconds: int):
    show()
    out, episode = imported(tmp_path, post(f"- 1:00 -- First\n- {written} -- Text\n"))
    assert [row.seconds for row in episode.topics.all()] == [60, seconds]
    assert f"{place(tmp_path, written)}: warning: Read as" in out
    assert f"[topic: {written}]" in out


def test_lines_after_broken_liquid_are_still_named_rightly(tmp_path: Path):
    """A variable broken over lines becomes one line; the file's lines are what people see."""
    show()
    intro = "See [him]({{\n  page.guest_website\n}}).\n\nAnd {{\n page.nothing }}.\n"
    checkout(tmp_path, post("- 1:04-22 -- Text\n- 2:99 -- Text\n", intro=intro))
    out = import_site(tmp_path)
    assert f"{place(tmp_path, '1:04-22')}: warning: Read as 1:04:22" in out
    assert f"{place(tmp_path, '2:99')}: error: No such time" in out


def test_equal_times_first_topic_late_and_backwards(tmp_path: Path):
    show()
    out, episode = imported(
        tmp_path, post("- 7:28 -- A\n- 59:20 -- B\n- 59:20 -- C\n- 50:00 -- D\n- 2:00:01 -- E\n")
    )
    assert [(row.seconds, row.text) for row in episode.topics.all()] == [
        (448, "A"), (3000, "D"), (3560, "B"), (3560, "C"), (7201, "E"),
    ]  # fmt: skip
    assert "before the topic above it, 59:20. [topic: 50:00]" in out
    assert "A topic past the end of the audio (2:00:00)" in out


def test_ninety_topics(tmp_path: Path):
    show()
    lines = "".join(f"- {n // 60}:{n % 60:02}:30 -- Topic {n}\n" for n in range(1, 91))
    imported(tmp_path, post(lines))
    assert Topic.objects.count() == 90
