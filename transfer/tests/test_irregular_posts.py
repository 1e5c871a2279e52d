"""Odd front matter, guests, introductions and links of the old site's posts."""

from pathlib import Path

import pytest

from episodes.models import Episode, Mention
from episodes.tests.factories import show
from guests.models import Guest
from transfer.tests.checkouts import GUEST, checkout, import_site, imported, interview, place, post

pytestmark = pytest.mark.django_db


def test_no_guest_and_no_tags(tmp_path: Path):
    show()
    _, episode = imported(tmp_path, post(guest="", tags="", intro="A preview.\n"))
    assert (episode.appearances.count(), episode.uses.count()) == (0, 0)
    assert episode.introduction == "A preview."


def test_number_zero(tmp_path: Path):
    show()
    root = checkout(tmp_path, post())
    folder = root / "_posts" / "podcast"
    (folder / "2020-01-01-1-a-site.md").rename(folder / "2019-10-18-0-a-preview.md")
    import_site(root)
    episode = Episode.objects.get()
    assert (episode.number, episode.slug) == (0, "0-a-preview")
    assert episode.enclosure.imported_url.endswith("/running-in-production-0.mp3")


def test_an_episode_under_review(tmp_path: Path):
    show()
    guest = 'guest: "Jan Hovmöller"\nguest_website: "#"\n'
    text = post(guest=guest, tags="tags: []\n", more="under_review: true\n")
    head = text[: text.index("\n---\n")]
    out, episode = imported(tmp_path, head + "\n---\n\nOne.\n\nTwo.\n\n<br />\n\nThree.\n\nFour.\n")
    assert episode.is_withdrawn
    assert episode.notice == "One.\n\nTwo.\n\n\n\nThree.\n\nFour."
    assert [row.guest.name for row in episode.appearances.all()] == ["Jan Hovmöller"]
    assert f"{place(tmp_path, 'guest_website')}: warning: No web address; left out." in out
    assert episode.enclosure.seconds == 7200


@pytest.mark.parametrize("website", ["", "https://bo.example.com"])
def test_two_guests(tmp_path: Path, website: str):
    show()
    second = f'guest_2: "Bo Ray"\nguest_2_avatar: "bo-ray"\nguest_2_website: "{website}"\n'
    _, episode = imported(tmp_path, post(guest=GUEST + second))
    assert [row.guest.name for row in episode.appearances.all()] == ["Ann Lee", "Bo Ray"]
    first, other = Guest.objects.get(name="Ann Lee"), Guest.objects.get(name="Bo Ray")
    assert (first.website, other.website) == ("https://ann.example.com", website)
    assert other.avatar_source == "bo-ray.jpg"


@pytest.mark.parametrize("key", ["guest_website", "guest_avatar", "guest_twitter", "guest_title"])
def test_a_guest_without(tmp_path: Path, key: str):
    show()
    lines = [*GUEST.splitlines(), 'guest_title: "CTO of Flask Inc."']
    guest = "".join(f"{line}\n" for line in lines if not line.startswith(f"{key}:"))
    out, episode = imported(tmp_path, post(guest=guest))
    row = episode.appearances.get()
    assert (row.title == "") == (key == "guest_title")
    assert (row.guest.website == "") == (key == "guest_website")
    assert (row.guest.twitter == "") == (key == "guest_twitter")
    assert (row.guest.avatar_source == "") == (key == "guest_avatar")
    assert ("guests' photos aren't in the checkout" in out) == (key != "guest_avatar")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Eric Meadows-Jönsson", None),
        ("Loïc Grêlé", None),
        ("Lívia Névola", None),
        ('Robert \\"Bob\\" Moore', 'Robert "Bob" Moore'),
        ("Mark", None),
    ],
)
def test_names_of_guests(tmp_path: Path, written: str, name: str | None):
    show()
    _, episode = imported(tmp_path, post(guest=f'guest: "{written}"\n'))
    assert episode.appearances.get().guest.name == (name or written)
    assert episode.introduction.startswith(
        f"In this episode of Running in Production, {name or written} goes over"
    )


def test_one_person_is_a_guest_twice_and_the_host(tmp_path: Path):
    show(website="")
    nick = 'guest: "Nick Janetakis"\nguest_website: "https://nickjanetakis.com"\n'
    nick += 'guest_twitter: "@nickjanetakis"\n'
    out, episode = imported(tmp_path, interview("Hi.\n", guest=nick), post(guest=nick))
    assert Guest.objects.count() == 1
    assert Guest.objects.get().appearances.count() == 2
    assert "Elsewhere" not in out


def test_what_posts_say_differently_about_a_guest_is_reported(tmp_path: Path):
    show()
    other = GUEST.replace("https://ann.example.com", "https://other.example.com")
    root = checkout(tmp_path, post(), post(guest=other))
    out = import_site(root)
    where = place(root, "other.example.com", "podcast/2020-01-02-2-a-site.md")
    assert f"{where}: warning: Elsewhere Ann Lee's is “https://ann.example.com”" in out
    assert "[website: https://other.example.com]" in out
    assert Guest.objects.get(name="Ann Lee").website == "https://ann.example.com"


def test_title_description_dates_and_keys(tmp_path: Path):
    show()
    out, episode = imported(
        tmp_path,
        post(
            title="Tips & Tricks for " + "x" * 52,
            description="\ndescription:\n  Q & A about\n  " + "y" * 130 + "\n",
            more='updated_on: "2020-02-03"\nhas_sponsor: true\nnew_key: [a, b]\n',
        ),
    )
    assert episode.title == "Tips & Tricks for " + "x" * 52
    assert episode.summary == "Q & A about " + "y" * 130
    assert episode.slug == "1-a-site"  # the file's name, whatever the title
    assert episode.updated_on.isoformat() == "2020-02-03T05:00:00+00:00"
    assert f"{place(tmp_path, 'has_sponsor')}: warning: A key that isn't known" in out
    assert f"{place(tmp_path, 'new_key')}: warning: A key that isn't known" in out


def test_a_summary_longer_than_its_column_is_an_error(tmp_path: Path):
    show()
    root = checkout(tmp_path, post(more='updated_on: "soon"\n', title="x" * 201))
    out = import_site(root)
    assert "The title is longer than 200 characters." in out
    assert f"{place(tmp_path, 'soon')}: warning: No date such as" in out
    assert not Episode.objects.exists()


def test_two_on_one_date_are_ordered_by_number(tmp_path: Path):
    show()
    root = checkout(tmp_path, post(), interview("Hi.\n"), post())
    folder = root / "_posts" / "podcast"
    (folder / "2020-01-03-3-a-site.md").rename(folder / "2020-01-01-3-a-site.md")
    import_site(root)
    assert [row.number for row in Episode.objects.podcast().newest_first()] == [3, 1]


@pytest.mark.parametrize(
    "intro",
    [
        "One paragraph with a [link](https://a.example.com) and *emphasis*.",
        "One.\n\nTwo uses **R&D**.\n\n*P.S., use the code `RIP20`, see\n[it](https://a.example.com).*",
        "One.\n\nTwo.\n\nThree.\n\nFour -- with a dash.",
    ],
)
def test_introductions_keep_their_paragraphs_and_markup(tmp_path: Path, intro: str):
    show()
    _, episode = imported(tmp_path, post(intro=f"{intro}\n"))
    assert episode.introduction == intro
    assert episode.introduction_html.count("<p>") == intro.count("\n\n") + 1


LINKS = """###### 📄 References
- <http://plain.example.com>
- <https://a.example.com/x> (the note)
- [pretty.example.com](https://amzn.to/abc)
- [Its real title](https://b.example.com/?utm_source=rip&utm_medium=x)
- <https://en.wikipedia.org/wiki/Flask_(web_framework)>
- <mailto:ann@example.com>

###### ⚙️ Tech Stack
{% include services-used.html %}

###### 🛠 Libraries Used
- <https://github.com/pallets/click>
"""


@pytest.mark.parametrize("blank", [True, False])
def test_every_form_of_a_link(tmp_path: Path, blank: bool):
    show()
    links = LINKS
    for heading in ("References", "Tech Stack", "Libraries Used"):
        links = links.replace(f"{heading}\n", f"{heading}\n\n") if blank else links
    _, episode = imported(tmp_path, post(links=links))
    assert [(row.url, row.label, row.note) for row in episode.references.all()] == [
        ("http://plain.example.com", "", ""),
        ("https://a.example.com/x", "", "the note"),
        ("https://amzn.to/abc", "pretty.example.com", ""),
        ("https://b.example.com/?utm_source=rip&utm_medium=x", "Its real title", ""),
        ("https://en.wikipedia.org/wiki/Flask_(web_framework)", "", ""),
        ("mailto:ann@example.com", "", ""),
    ]
    assert [row.library.name for row in episode.library_uses.all()] == ["click"]
    assert [row.technology.slug for row in episode.uses.all()] == ["flask", "python"]


@pytest.mark.parametrize(
    ("links", "references", "libraries"),
    [
        ("- <https://a.example.com>\n- <https://b.example.com>\n", 2, 0),
        ("###### 📄 References\n\n- <https://a.example.com>\n", 1, 0),
        ("###### 🛠 Libraries Used\n\n- <https://a.example.com>\n", 0, 1),
        ("", 0, 0),
    ],
)
def test_missing_sections(tmp_path: Path, links: str, references: int, libraries: int):
    show()
    _, episode = imported(tmp_path, post(links=links))
    assert episode.references.count() == references
    assert episode.library_uses.count() == libraries


def test_links_to_other_episodes_are_relations(tmp_path: Path):
    show(website="https://runninginproduction.com")
    site = "https://runninginproduction.com"
    links = f"###### 📄 References\n\n- <{site}/podcast/2-a-site>\n- <{site}/podcast/99-gone>\n"
    topics = f"- 1:00 -- [It]({site}/interviews/3-a-site)\n"
    imported(tmp_path, post(topics, links=links), post(), interview("Hi.\n"))
    found = {row.path: row.target and row.target.number for row in Mention.objects.all()}
    assert found == {
        "/podcast/2-a-site": 2, "/podcast/99-gone": None, "/interviews/3-a-site": 3,
    }  # fmt: skip


def test_two_posts_of_one_number(tmp_path: Path):
    show()
    root = checkout(tmp_path, post(), interview("Hi.\n"))
    folder = root / "_posts" / "podcast"
    (folder / "2020-01-09-1-another.md").write_text(post(title="Another"))
    out = import_site(root)
    assert (
        "_posts/podcast/2020-01-09-1-another.md: error: Has the number of "
        "_posts/podcast/2020-01-01-1-a-site.md. [number: 1]"
    ) in out
    assert set(Episode.objects.values_list("slug", flat=True)) == {"1-a-site", "2-a-site"}
