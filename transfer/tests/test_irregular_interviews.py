"""Interviews: articles whose headings and lists are text, not show notes."""

from pathlib import Path

import pytest

from episodes.models import Episode
from episodes.tests.factories import show
from notes.parse import parse
from notes.read_rows import stored_draft
from notes.render import render
from notes.validity import validity_errors
from transfer.tests.checkouts import imported, interview

pytestmark = pytest.mark.django_db

BODY = """
Ann works on [Flask] and [`click`][click code].

## 🧑‍💻 What is your stack? ⚙️

- one
- two

## Links

```html
## Topics Include

- 1:00 -- {{ page.guest }} <b>
<br />
```

Summary: it works.  
A hard break above; 1:30 is a time.

###### 📄 References

- no address at all

-- {{ page.guest }}, {{ page.guest_title }}

[Flask]: https://flask.example.com
[click code]: <https://github.com/pallets/click>
"""  # noqa: W291

TITLE = 'guest_title: "CTO / Founder at Flask & Co."\n'


def test_an_interview_stays_the_article_it_is(tmp_path: Path):
    show()
    _, episode = imported(tmp_path, interview(BODY, more=TITLE))
    assert episode.kind == Episode.Kind.INTERVIEW
    assert episode.introduction.startswith("Ann works on [Flask]")
    assert "-- Ann Lee, CTO / Founder at Flask & Co.\n" in episode.introduction
    assert '<a href="https://flask.example.com"' in episode.introduction_html
    assert '<a href="https://github.com/pallets/click"' in episode.introduction_html
    assert "## Topics Include" in episode.introduction_html  # within the code
    assert episode.introduction_html.count("<h2>") == 2
    assert episode.appearances.get().title == "CTO / Founder at Flask & Co."
    assert (episode.topics.count(), episode.references.count()) == (0, 0)
    assert not hasattr(episode, "enclosure")


@pytest.mark.parametrize(
    "body",
    [
        BODY,
        "".join(f"- bullet {n} of [a list](https://e.example.com/{n})\n" for n in range(43)),
        "\n\n   Indented first line\u00a0here\u200b.\t\n\n\n",
        "In this interview, Ann Lee talks about it.\n\n## Links\n\nGuest: nobody\n",
        "Jun 29, 2020\n# A title\nText.\n\\## Links\n",
        "```\nnever closed\n## Links\n",
        "a\u2028b\x0cc\n\n## Stack: Django, Redis\n",
    ],
)
def test_an_interview_passes_through_its_notes_unchanged(tmp_path: Path, body: str):
    show()
    _, episode = imported(tmp_path, interview(body, more=TITLE))
    draft = stored_draft(episode)
    assert validity_errors(draft) == []
    assert parse(render(draft)).draft == draft


def test_code_in_an_interview_keeps_its_braces(tmp_path: Path):
    show()
    out, episode = imported(tmp_path, interview("See:\n\n```jinja\n{{ user | upper }}\n```\n"))
    assert "```jinja\n{{ user | upper }}\n```" in episode.introduction
    assert "An expression that isn't expanded; left as it is. [liquid: user | upper]" in out
