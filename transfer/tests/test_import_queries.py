"""How many queries an import asks: not more for a longer post, and no more than today."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from episodes.models import Episode
from episodes.tests.factories import show
from transfer.tests.checkouts import checkout, import_site, post

pytestmark = pytest.mark.django_db

# Two of a new post's: libraries known by the same name, and the transcript that its revision keeps.
NEW_POST, SAME_POST = 54, 21
NEW_TAG, SAME_TAG = 11, 4


def asked(root: Path) -> int:
    """The queries of an import of this checkout."""
    with CaptureQueriesContext(connection) as queries:
        import_site(root)
    return len(queries)


def long_post(count: int, name: str) -> str:
    """A post of somebody new with so many topics, technologies, references and libraries."""
    numbers = range(1, count + 1)
    topics = "".join(f"- {n}:00 -- Topic {n} of {name}\n" for n in numbers)
    links = "".join(f"- <https://{name}-{n}.example.com>\n" for n in numbers)
    tags = "".join(f'  - "{name}-{n}"\n' for n in numbers)
    lists = f"###### 📄 References\n\n{links}\n###### 🛠 Libraries Used\n\n{links}"
    guest = f'guest: "Ann {name}"\nguest_website: "https://{name}.example.com"\n'
    return post(topics, tags=f"tags:\n{tags}", links=lists, guest=guest, title=f"Site {name}")


def queries_of_a_post(root: Path, count: int) -> tuple[int, int]:
    """Those that such a post adds to an import, and to the next one."""
    name = f"site{count}"
    import_site(checkout(root))
    others = asked(root)
    new = asked(checkout(root, long_post(count, name))) - others
    episode = Episode.objects.get(title=f"Site {name}")
    parts = (episode.topics, episode.uses, episode.references, episode.library_uses)
    assert [part.count() for part in parts] == [count] * 4
    same = asked(root) - others
    episode.delete()
    return new, same


def test_a_post_s_queries_do_not_grow_with_its_length(tmp_path: Path):
    show()

    short, long = (queries_of_a_post(tmp_path / str(count), count) for count in (2, 40))

    assert long == short
    assert long[0] <= NEW_POST
    assert long[1] <= SAME_POST


def test_a_tag_file_s_queries_are_few(tmp_path: Path):
    show()
    import_site(checkout(tmp_path))
    others = asked(tmp_path)
    tag = "---\ntag: k8s\ntitle: Websites Using K8s in Production\n---\n"

    new = asked(checkout(tmp_path, tags={"k8s": tag})) - others
    same = asked(tmp_path) - others

    assert new <= NEW_TAG
    assert same <= SAME_TAG
