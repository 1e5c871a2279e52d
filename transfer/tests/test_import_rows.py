"""Technologies and pages of a Jekyll site that change there, with edits at the desk."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from episodes.tests import factories
from guests.models import Guest
from notes.models import ImportBase
from show.models import ContentVersion, Page, Show
from stack.models import Technology
from transfer.tests.checkouts import checkout, import_notes, import_site, post

pytestmark = pytest.mark.django_db

WORDS = ("alpha", "beta", "gamma")
TAG = {"title": "alpha", "introduction": "alpha", "homepage": "https://alpha.example/"}
PAGE = {"title": "alpha", "description": "alpha", "body": "alpha"}


class Site:
    """A checkout with one tag file, `inhouse`, and one page, /thanks."""

    def __init__(self, root: Path) -> None:
        self.root = checkout(root)
        self.tag: dict[str, str] | None = dict(TAG)
        self.page: dict[str, str] | None = dict(PAGE)

    def import_it(self, **options: object) -> str:
        self._write("tags/inhouse.md", tag_file(**self.tag) if self.tag else None)
        self._write("thanks.md", page_file(**self.page) if self.page else None)
        out = import_site(self.root, **options)
        assert "exit 1" not in out, out
        return out

    def _write(self, name: str, text: str | None) -> None:
        path = self.root / name
        path.unlink(missing_ok=True)
        if text is not None:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)


def tag_file(title: str, introduction: str, homepage: str) -> str:
    return f'---\ntag: "inhouse"\nurl: "{homepage}"\ntitle: "{title}"\n---\n{introduction}\n'


def page_file(title: str, description: str, body: str) -> str:
    return f'---\ntitle: "{title}"\ndescription: "{description}"\n---\n{body}\n'


@pytest.fixture
def site(tmp_path: Path) -> Site:
    factories.show(website="https://runninginproduction.com")
    return Site(tmp_path)


def stored(model: Any, columns: Any) -> dict[str, str] | None:
    return model.objects.values(*columns).first()


def edit(model: Any, **values: str) -> None:
    """What the host does at the desk."""
    row = model.objects.get()
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


class Expected:
    """What must be stored of one row, by the rules that the documentation gives."""

    def __init__(self, stated: dict[str, str]) -> None:
        self.base, self.stored, self.conflicts = dict(stated), dict(stated), set[Any]()

    def take(self, said: dict[str, str], theirs: bool) -> None:
        found = set()
        for name, there in said.items():
            here, before = self.stored[name], self.base[name]
            conflict = (name, here, there)
            if here == there:
                continue
            if here == before:
                self.stored[name] = there
            elif there != before or conflict in self.conflicts:
                found.add(conflict)
                if theirs:
                    self.stored[name] = there
        self.base, self.conflicts = dict(said), set() if theirs else found


def values_of(columns: dict[str, str]) -> st.SearchStrategy[tuple[str, str]]:
    def value(name: str) -> st.SearchStrategy[str]:
        words = [f"https://{word}.example/" if name == "homepage" else word for word in WORDS]
        return st.sampled_from(words if name == "title" else ["", *words])

    return st.sampled_from(sorted(columns)).flatmap(
        lambda name: st.tuples(st.just(name), value(name))
    )


STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["source tag", "host tag"]), values_of(TAG)),
        st.tuples(st.sampled_from(["source page", "host page"]), values_of(PAGE)),
        st.tuples(st.just("import"), st.booleans()),
    ),
    max_size=12,
)


@pytest.mark.slow
@given(steps=STEPS)
@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_edit_is_lost_and_every_untouched_change_is_taken(tmp_path: Path, steps: Any):
    for model in (Technology, Page, ImportBase):
        model.objects.all().delete()
    factories.show(website="https://runninginproduction.com")
    site = Site(tmp_path)
    site.import_it()
    tag, page = Expected(TAG), Expected(PAGE)
    for what, detail in [*steps, ("import", False)]:
        if what == "import":
            site.import_it(theirs=detail)
            tag.take(site.tag or {}, detail)
            page.take(site.page or {}, detail)
            assert stored(Technology, TAG) == tag.stored
            assert stored(Page, PAGE) == page.stored
            continue
        name, value = detail
        side, kind = what.split()
        if side == "source":
            getattr(site, kind)[name] = value
        else:
            edit(Technology if kind == "tag" else Page, **{name: value})
            (tag if kind == "tag" else page).stored[name] = value


def test_both_values_of_a_conflict_are_named_until_one_side_gives_way(site: Site):
    site.import_it()
    edit(Technology, title="My title")
    edit(Page, body="My words")
    site.tag, site.page = TAG | {"title": "beta"}, PAGE | {"body": "gamma"}
    for _ in range(2):
        out = site.import_it()
        assert (
            "tags/inhouse.md: warning: Here it is “My title”, which stays; the source says" in out
        )
        assert "source says “beta”. [title: inhouse]" in out
        assert "thanks.md: warning: Here it is “My words”, which stays; the source says" in out
        assert "Stays though the source says otherwise: title (1), body (1); see --theirs." in out
    out = site.import_it(theirs=True)
    assert "The source’s “beta” replaces “My title”. [title: inhouse]" in out
    assert (Technology.objects.get().title, Page.objects.get().body) == ("beta", "gamma")
    assert "source" not in site.import_it()


def test_line_ends_that_a_browser_submitted_are_no_edit(site: Site):
    site.page = PAGE | {"body": "alpha\n\nbeta"}
    site.import_it()
    Page.objects.update(body="alpha\r\n\r\nbeta")
    site.page = PAGE | {"body": "alpha\n\ngamma"}
    assert "which stays" not in site.import_it()
    assert Page.objects.get().body == "alpha\n\ngamma"
    Page.objects.update(body="alpha\r\n\r\ngamma")
    site.page = None
    assert "stays" not in site.import_it()
    assert not Page.objects.exists()


def test_a_long_text_of_the_hosts_that_is_replaced_is_printed_whole(site: Site):
    site.import_it()
    mine = "\n\n".join(f"Paragraph {n} of mine." for n in range(40))
    edit(Page, body=mine)
    site.page = PAGE | {"body": "beta"}
    assert mine not in site.import_it()
    for dry_run in (True, False):
        assert f"alpha: your body was:\n{mine}\n" in site.import_it(theirs=True, dry_run=dry_run)
    assert Page.objects.get().body == "beta"


def test_without_a_base_gaps_are_filled_and_what_differs_is_the_hosts(site: Site):
    factories.technology("inhouse", title="Mine", homepage="https://mine.example/")
    Page.objects.create(slug="thanks", title="alpha", body="Mine")
    out = site.import_it()
    assert "Here it is “Mine”, which stays; the source says “alpha”. [title: inhouse]" in out
    assert "Here it is “Mine”, which stays; the source says “alpha”. [body: alpha]" in out
    row = Technology.objects.get()
    assert (row.title, row.introduction, row.homepage) == ("Mine", "alpha", "https://mine.example/")
    assert stored(Page, PAGE) == PAGE | {"body": "Mine"}


def test_what_the_host_deleted_stays_away(site: Site):
    site.import_it()
    Technology.objects.all().delete()
    Page.objects.all().delete()
    assert " 0 new, 0 changed" in site.import_it()
    site.page = PAGE | {"body": "beta"}
    out = site.import_it()
    assert (
        "It isn’t here, and stays away: the source says “alpha, alpha, beta”. [row: thanks]" in out
    )
    assert not Technology.objects.exists() and not Page.objects.exists()
    site.import_it(theirs=True)
    assert stored(Page, PAGE) == PAGE | {"body": "beta"}
    assert not Technology.objects.exists()


def test_what_the_source_deleted_goes_unless_it_was_edited(site: Site):
    site.import_it()
    tag, page, site.tag, site.page = site.tag, site.page, None, None
    out = site.import_it(dry_run=True)
    assert Page.objects.exists()
    assert site.import_it() == out.replace(" (dry run: nothing was written)", "")
    assert "/thanks (deleted: its file is gone): changed" in out
    assert "inhouse (its file is gone): changed" in out
    assert not Page.objects.exists()
    row = Technology.objects.get()
    assert (row.name, row.title, row.introduction, row.homepage) == ("inhouse", "", "", "")
    assert " 0 new, 0 changed" in site.import_it()
    site.tag, site.page = tag, page
    site.import_it()
    assert (stored(Technology, TAG), stored(Page, PAGE)) == (TAG, PAGE)
    edit(Page, body="Mine")
    site.page = None
    kept = "/thanks: warning: Deleted in the source, but changed here: “alpha, alpha, Mine” stays."
    for _ in range(2):
        assert kept in site.import_it()
    assert Page.objects.get().body == "Mine"
    site.import_it(theirs=True)
    assert not Page.objects.exists()


def test_a_file_that_cannot_be_read_deletes_nothing(site: Site):
    site.import_it()
    (site.root / "thanks.md").write_text("---\ntitle: 'Odd\n---\n")
    (site.root / "tags" / "inhouse.md").write_text("---\ntitle: 'Odd\n---\n")
    assert "exit 1" in import_site(site.root)
    assert (stored(Technology, TAG), stored(Page, PAGE)) == (TAG, PAGE)


def test_a_page_with_another_address_here_is_still_the_sources(site: Site):
    site.import_it()
    edit(Page, slug="thank-you")
    site.page = PAGE | {"body": "beta"}
    site.import_it()
    assert Page.objects.get().slug == "thank-you"
    assert stored(Page, PAGE) == PAGE | {"body": "beta"}


def test_a_name_follows_the_files_title_unless_the_host_changed_it(site: Site):
    site.tag = TAG | {"title": "Websites Using Inhouse in Production"}
    site.import_it()
    assert Technology.objects.get().name == "Inhouse"
    site.tag = TAG | {"title": "Websites Using In-House Tools in Production"}
    site.import_it()
    assert Technology.objects.get().name == "In-House Tools"
    edit(Technology, name="Mine")
    site.tag = TAG | {"title": "Websites Using Home Grown in Production"}
    assert "Here it is “Mine”, which stays; the source says “Home Grown”" in site.import_it()
    assert Technology.objects.get().name == "Mine"


def test_what_posts_say_of_a_guest_merges(site: Site):
    def said(website: str, twitter: str = "annlee") -> str:
        lines = f'guest_website: "https://{website}.example/"\nguest_twitter: "{twitter}"\n'
        checkout(site.root, post(guest=f'guest: "Ann Lee"\n{lines}'))
        return site.import_it()

    said("one")
    guest = Guest.objects.get(name="Ann Lee")
    said("two")
    guest.refresh_from_db()
    assert (guest.website, guest.twitter) == ("https://two.example/", "annlee")
    Guest.objects.filter(pk=guest.pk).update(website="https://mine.example/", twitter="")
    assert "Lee" not in said("two")
    assert "Here it is “https://mine.example/”, which stays; the source" in said("three")
    guest.refresh_from_db()
    assert (guest.website, guest.twitter) == ("https://mine.example/", "")


def test_a_guest_whom_the_host_deleted_stays_away(site: Site):
    checkout(site.root, post())
    site.import_it()
    guest = Guest.objects.get(name="Ann Lee")
    guest.appearances.all().delete()
    guest.delete()
    assert " 0 new, 0 changed" in site.import_it()
    assert not Guest.objects.filter(name="Ann Lee").exists()


def test_what_show_notes_say_of_the_show_merges(tmp_path: Path):
    Show.objects.all().delete()
    notes = tmp_path / "notes.txt"
    text = "A Show\nAnn Lee\nWords about {}.\nEpisodes\n\nJan 1, 2020 • 60min\nA Site\nHello.\n"

    def said(about: str, **options: object) -> str:
        notes.write_text(text.format(about))
        return import_notes(notes, **options)

    said("one", dry_run=True)
    assert not Show.objects.exists()
    said("one")
    said("two")
    assert Show.objects.get().description == "Words about two."
    Show.objects.update(description="")
    said("two")
    assert Show.objects.get().description == ""
    assert "It isn’t here, and stays away: the source says “Words about three.”" in said("three")


def test_two_files_with_one_address_do_not_replace_each_other(site: Site):
    site.import_it()
    (site.root / "thanks.html").write_text('---\ntitle: "Other"\n---\nOther')
    assert "thanks.md: warning: Another file has this address; left out." in site.import_it()
    assert " 0 changed" in site.import_it()


def test_the_same_again_writes_nothing(site: Site):
    checkout(site.root, post())
    site.import_it()
    before = site.import_it(), ContentVersion.objects.values().get()
    with CaptureQueriesContext(connection) as queries:
        assert (site.import_it(), ContentVersion.objects.values().get()) == before
    written = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert written == []


def test_a_first_dry_run_says_what_the_real_run_says(tmp_path: Path):
    shutil.copytree(Path(__file__).with_name("jekyll"), tmp_path / "site")
    (tmp_path / "site" / "tags" / "django.md").unlink()  # a technology that only posts bring
    out = import_site(tmp_path / "site", dry_run=True)
    assert not (Technology.objects.exists() or Page.objects.exists() or Guest.objects.exists())
    assert "A new technology. [technology: django]" in out
    assert import_site(tmp_path / "site") == out.replace(" (dry run: nothing was written)", "")


def test_a_dry_run_says_what_the_real_run_says(site: Site):
    site.import_it()
    edit(Technology, title="Mine")
    site.tag, site.page = TAG | {"title": "beta"}, PAGE | {"body": "gamma"}
    bases = list(ImportBase.objects.values())
    out = site.import_it(dry_run=True)
    assert list(ImportBase.objects.values()) == bases
    assert site.import_it() == out.replace(" (dry run: nothing was written)", "")
