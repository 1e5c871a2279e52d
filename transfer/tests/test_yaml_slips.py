"""Slips in front matter: the message names the line to mend, and how."""

from pathlib import Path

import pytest

from transfer.importers.jekyll.front_matter import read_file
from transfer.importers.report import InvalidInput

QUOTES = "YAML: put this text in quotes, because it contains “: ”."


@pytest.mark.parametrize(
    ("front", "line", "message"),
    [
        ("tag: aws\ndescription:\n  AWS: Episodes where\n  people use it.\n", 4, QUOTES),
        ("description:\n  Episodes where people\n  say: hello.\n", 4, QUOTES),
        ("description:\n  AWS: Episodes where people use it.\ntag: aws\n", 3, QUOTES),
        ("tag: aws\ndescription: Episodes: all of them.\n", 3, QUOTES),
        ("tag: aws\ndescription: Episodes\n  on this: all of them.\n", 4, QUOTES),
        ("title: {a: b}\n", 2, QUOTES),
        (
            "title: 'A'\nA line without a key.\n\ntag: aws\n",
            3,
            "YAML: this line is no “key: value”",
        ),
        ("tag: aws\ntitle: 'Odd\ndescription: b\n", 3, "YAML: the quotation mark that opens here"),
        ("a: *nothing\n", 2, "YAML: found undefined alias"),
    ],
)
def test_the_line_and_how_to_mend_it_are_named(tmp_path: Path, front: str, line: int, message: str):
    path = tmp_path / "aws.md"
    path.write_text(f"---\n{front}---\nBody\n")
    with pytest.raises(InvalidInput) as refused:
        read_file(path, "tags/aws.md")
    problem = refused.value.problem
    assert problem.message.startswith(message)
    assert (problem.file, problem.line) == ("tags/aws.md", line)


def test_a_colon_within_quotes_or_at_no_words_end_is_right(tmp_path: Path):
    path = tmp_path / "aws.md"
    path.write_text(
        '---\ntitle: "AWS: a view"\ndescription: At 10:30, see https://a.example\n---\n'
    )
    file = read_file(path, "tags/aws.md")
    assert file.text("title") == "AWS: a view"
    assert file.text("description") == "At 10:30, see https://a.example"
