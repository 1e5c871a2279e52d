"""References, libraries and technologies as people write them."""

import pytest

from notes.grammar.draft import LinkDraft
from notes.parse import parse
from text.problems import has_errors


@pytest.mark.parametrize(
    ("item", "link"),
    [
        ("https://example.com/", LinkDraft("https://example.com/")),
        ("- <https://example.com/> (CNN)", LinkDraft("https://example.com/", note="CNN")),
        ("https://example.com/_(LRU) (CNN)", LinkDraft("https://example.com/_(LRU)", note="CNN")),
        ("- [a [b] c](https://example.com/)", LinkDraft("https://example.com/", "a [b] c")),
        ("[`x`](</podcast/1> ) (y)", None),
        ("- [x](/podcast/71-y)", LinkDraft("/podcast/71-y", "x")),
        ("[Ann](mailto:ann@example.com)", LinkDraft("mailto:ann@example.com", "Ann")),
        ("Etsy talk: https://example.com/", LinkDraft("https://example.com/", "Etsy talk")),
        ("https://example.com/ - a note", LinkDraft("https://example.com/", note="a note")),
        ('[x](https://example.com/ "y")', LinkDraft("https://example.com/", "x", "y")),
        ("https://example.com/,", LinkDraft("https://example.com/")),
    ],
)
def test_links(item, link):
    parsed = parse(f"# T\n\n## References\n{item}\n\n## Libraries\n{item}")
    expected = (link,) if link else ()
    assert parsed.draft.references == parsed.draft.libraries == expected
    assert has_errors(parsed.problems) == (link is None)


def test_links_without_sub_headings_are_references():
    draft = parse("## Links\n\n- [a](https://example.com/)\n- <https://example.org/>").draft
    assert [link.url for link in draft.references] == [
        "https://example.com/",
        "https://example.org/",
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("hhttps://example.com/", "https://example.com/"),
        ("https:/example.com/", "https://example.com/"),
        ("http//example.com/", "http://example.com/"),
        ("www.example.io", "https://www.example.io"),
        ("example.com/foo", "https://example.com/foo"),
        ("example.com", "https://example.com"),
    ],
)
def test_addresses_without_a_scheme_are_fixed(written, meant):
    parsed = parse(f"References:\n- {written} (a note)")
    assert parsed.draft.references == (LinkDraft(meant, note="a note"),)
    (problem,) = parsed.problems
    assert (problem.severity, problem.line, problem.value) == ("warning", 2, written)
    assert problem.repair == f"- {meant} (a note)"


@pytest.mark.parametrize(
    "written", ["Node.js", "ASP.NET", "some words", "ftp://example.com/x", "https://", "http://a"]
)
def test_what_is_no_address_is_an_error(written):
    parsed = parse(f"References:\nhttps://example.com/\n{written}")
    assert len(parsed.draft.references) == 1
    (problem,) = parsed.problems
    assert (problem.severity, problem.line, problem.value) == ("error", 3, written)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Stack: Django, Redis", ("Django", "Redis")),
        ("Tech stack:\nDjango, Redis and nginx", ("Django", "Redis", "nginx")),
        ("Tech Stack\ndjango →\nlets-encrypt →", ("django", "lets-encrypt")),
        ("## Stack\n- Ruby on\n  Rails\n- S3 (a, b)", ("Ruby on Rails", "S3 (a, b)")),
        ("## Stack\n* C#\n* C\n* C++", ("C#", "C", "C++")),
    ],
)  # fmt: skip
def test_technologies(text, names):
    parsed = parse(text)
    assert parsed.draft.technologies == names
    assert parsed.problems == []


def test_a_technology_listed_twice_is_kept_once():
    parsed = parse("Stack:\nPostgres\nNext.js\npostgres\nnext js, Redis")
    assert parsed.draft.technologies == ("Postgres", "Next.js", "Redis")
    assert [(problem.severity, problem.line, problem.value) for problem in parsed.problems] == [
        ("warning", 4, "postgres"),
        ("warning", 5, "next js"),
    ]
