"""Which topics name a technology, as a word of its own."""

import pytest

from episodes.tests.factories import episode
from topics.that_name import moments_naming

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("names", "text", "is_named"),
    [
        (["Django"], "Why Django?", True),
        (["Django"], "django's admin", True),
        (["Django"], "Djangonauts meet", False),
        (["C#"], "Moving to C#, slowly", True),
        (["C"], "Moving to C#", True),  # a symbol ends the word; C's own page is rare enough
        ([".NET"], "On .NET Core", True),
        ([".NET"], "A dotnet", False),
        (["Kubernetes", "k8s"], "Away from K8s", True),
        (["C++"], "C++", True),
        (["a.b"], "axb", False),
    ],
)
def test_names_are_words(names: list[str], text: str, is_named: bool) -> None:
    row = episode("A", 1, topics=[(5, text)])
    assert bool(moments_naming(names, [row])) is is_named


def test_newest_episode_first_then_as_heard(django_assert_num_queries) -> None:
    rows = [
        episode("A", 1, topics=[(9, "Go late"), (5, "Go early")]),
        episode("B", 2, topics=[(7, "Go")]),
    ]
    with django_assert_num_queries(1):
        found = moments_naming(["Go"], rows)
        assert [(topic.episode.title, topic.seconds) for topic in found] == [
            ("B", 7),
            ("A", 5),
            ("A", 9),
        ]
