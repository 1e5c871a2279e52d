"""Notes with arbitrary content: analysed or refused, saved, harmless in pages."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from desk.tests.forms import form_data
from desk.tests.harmless import harm_in_html
from desk.tests.test_bad_input import XSS, harm
from desk.tests.test_writing import NOTES, PASTE, address
from episodes.models import Episode
from episodes.tests import factories
from notes.apply import finish_edit
from stack.models import Technology

pytestmark = pytest.mark.slow

EVERYWHERE = """# A title {0}
Guest: Phil Gyford -- {0}
Guest: {0} -- maker of it
Summary: Words {0}

In this episode {0}

{0}

```{0}
{0}
```

## Topics Include

- 0:40 -- {0}
- 1:40 -- [words {0}](https://example.org/) and [words]({0})
- 2:40 -- *{0}* `{0}` <{0}>
- {0}

## Links

### References

- {0}
- <{0}>
- [{0}](https://example.org/) ({0})
- [words]({0})
- https://example.org/{0}

### Tech Stack

- Django
- {0}
- x{0}

### Libraries Used

- [{0}](https://gunicorn.org/) ({0})
- https://gunicorn.org/?{0}
- {0}
"""
LONG = "x" * 10_000
HARD = {
    "words without end": "x" * 5_000_000,
    "lines without end": "\n" * 2_000_000,
    "everything long": EVERYWHERE.format(LONG),
    "everything long, in words": EVERYWHERE.format("words and " * 1000),
    "brackets": EVERYWHERE.format("[" * 3000),
    "closed brackets": EVERYWHERE.format("[" * 1500 + "](" * 1500),
    "emphasis": EVERYWHERE.format("*a _b " * 2000),
    "quotes": "> " * 10_000 + "x",
    "lists": "# T\n\n" + "".join(f"{'  ' * n}- x\n" for n in range(1000)),
    "code": EVERYWHERE.format("`" * 10_001),
    "angles": EVERYWHERE.format("<" * 4000),
    "headings": "# a\n## Topics Include\n" * 20_000,
    "guests": "# T\n" + "".join(f"Guest: Ann Lee {n}\n" for n in range(1000)),
    "technologies": "# T\n\n## Tech Stack\n\n" + "".join(f"- Tool {n}\n" for n in range(1000)),
    "topics": "# T\n\n## Topics Include\n\n" + "- 0:01 -- a\n" * 2000,
    "times": "# T\n\n## Topics Include\n\n" + "- 99999999:99:99 -- a\n" * 1000,
    "digits": "# T\n\n## Topics Include\n\n- " + "9" * 10_000 + ":00 -- a\n",
    "links": "# T\n\n## References\n\n" + "- https://example.org/\n" * 2000,
    "line ends": "# T\r\r\n\v\f\x1c\x85\u2028\u2029## Topics Include\u2028- 0:40 -- a\r",
    "NULs": NOTES.replace("a", "a\0"),
    "controls": "".join(map(chr, range(32))) + NOTES + "\x7f\x80\ufeff\u202e\ufffe\uffff",
    "marks upon marks": EVERYWHERE.format(("e" + "\u0301" * 30) * 300),
    "emoji": EVERYWHERE.format("👩‍👩‍👧" * 1000),
}  # fmt: skip
# Bytes of a form: of no encoding, of half a character, of one half of a pair.
BYTES = ["%FF%FE", "%C3", "%ED%A0%80", "%ED%B0%80%ED%A0%80", "%F4%90%80%80", "%00"]


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    factories.show()
    factories.technology("Django")
    factories.guest("Phil Gyford")


def everything_created(page: Any) -> dict[str, str]:
    questions = page.context_data["analysis"].new_technologies
    return {f"technology-{question.key}": "create" for question in questions}


def without_errors(page: Any, text: str) -> str:
    """The text without the lines that have problems."""
    problems = page.context_data["analysis"].problems
    wrong = {problem.line for problem in problems if problem.severity == "error"}
    lines = text.split("\n")
    return "\n".join(line for at, line in enumerate(lines, start=1) if at not in wrong)


@pytest.mark.parametrize("payload", XSS)
def test_no_script_gets_from_notes_to_a_page(host: Client, payload: str):
    """Valid texts are applied and published, others are saved and shown."""
    text = EVERYWHERE.format(payload)
    page: Any = host.post(PASTE, {"text": text})
    episode = Episode.objects.get()
    for _ in range(12):
        assert harm_in_html(page.text) == []
        text = without_errors(page, text)
        answers = everything_created(page)
        page = host.post(
            address(episode), form_data(page) | answers | {"text": text, "do": "apply"}
        )
        if page.status_code == 302:
            break
    assert page.status_code == 302, page.context_data["analysis"].problems
    assert harm_in_html(host.get(f"/admin/preview/{episode.pk}").text) == []
    episode.refresh_from_db()
    assert "Words" in episode.summary and episode.topics.exists()
    episode.status, episode.published_at = Episode.Status.PUBLISHED, timezone.now()
    episode.save()
    finish_edit(episode, None, "desk")
    assert harm(host) == []


@pytest.mark.parametrize("name", HARD)
def test_hard_texts_are_answered_and_saved(host: Client, name: str):
    text = HARD[name]
    page: Any = host.post(PASTE, {"text": text, "do": "apply"})
    assert page.status_code in (200, 302)
    if not text.strip():
        return
    episode = Episode.objects.get()
    page = host.get(address(episode))
    assert page.status_code == 200
    if page.context_data["analysis"].can_be_applied:
        answer = host.post(address(episode), form_data(page) | {"do": "apply"})
        assert answer.status_code == 302


@pytest.mark.parametrize("octets", BYTES)
@pytest.mark.parametrize("field", ["text", "of-django", "technology-x", "repair", "seen", "shown"])
def test_bytes_that_are_not_text(host: Client, field: str, octets: str):
    rest = "text=%23+A+title%0A%0A%23%23+Tech+Stack%0A%0A-+x&" if field != "text" else ""
    body = f"{rest}{field}={octets}&do=apply".encode()
    kind = "application/x-www-form-urlencoded"
    assert host.post(PASTE, body, content_type=kind).status_code == 200
    parts = {"text": "# T", field: "\\ud800", "do": "apply"}
    form = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in parts.items()
    )
    for charset in ("utf-8", "unicode_escape", "utf-16", "utf-7", "rot13", "nonsense"):
        kind = f"multipart/form-data; boundary=b; charset={charset}"
        answer = host.generic("POST", PASTE, f"{form}--b--\r\n", content_type=kind)
        assert (answer.status_code == 400) == (charset != "utf-8")


def test_new_names_are_shown_as_written(host: Client):
    name = "A <b>\"bold\"</b> & 'quoted' name"
    page = host.post(PASTE, {"text": f"# T\n\n### Tech Stack\n\n- {name}\n"})
    assert harm_in_html(page.text) == []
    assert not Technology.objects.filter(name=name).exists()
