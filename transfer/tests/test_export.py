"""The catalogue, exported and imported into an empty database, is the same row by row."""

import hashlib
import shutil
import stat
import subprocess
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from episodes.models import Appearance, Enclosure, Episode, LibraryUse, Mention, Sponsor
from episodes.tests.factories import episode, guest, library, show, technology
from notes.apply import finish_edit
from search.models import GuestWanted, Question, SynonymGroup, ZeroResultQuery
from search.shipped_synonyms import sync_shipped_synonyms
from show.models import CallToAction, FollowLink, Highlight, Page, Promotion, Redirect, Show
from stack.models import Library
from topics.models import Transcript
from transfer.export.columns import columns, is_derived
from transfer.export.folder import NEW, REPLACING
from transfer.export.tables import TABLES
from transfer.tests.catalogues import catalogue, empty_database, exported_models
from transfer.tests.checkouts import run

pytestmark = pytest.mark.django_db

SITE = Path(__file__).parent / "jekyll"
PAST = datetime(2021, 3, 4, 5, 6, 7, 890123, tzinfo=UTC)
# Relations that the export spells by hand; every other column it finds by itself.
RELATIONS = {
    "guests.GuestName.guest", "stack.TechnologyName.technology", "stack.LibraryAddress.library",
    "show.Show.host", "episodes.Appearance.episode", "episodes.Appearance.guest",
    "episodes.Use.episode", "episodes.Use.technology", "episodes.LibraryUse.episode",
    "episodes.LibraryUse.library", "episodes.Reference.episode", "episodes.Enclosure.episode",
    "episodes.Sponsor.episode", "episodes.Mention.episode", "episodes.Mention.target",
    "topics.Topic.episode", "topics.Transcript.episode", "topics.Cue.transcript",
    "topics.Cue.guest",
}  # fmt: skip
# Models whose rows hang on an episode or on a row of a table.
HANGING = {
    "GuestName", "TechnologyName", "LibraryAddress", "Appearance", "Use", "LibraryUse",
    "Reference", "Enclosure", "Sponsor", "Mention", "Topic", "Transcript", "Cue",
}  # fmt: skip


def sample() -> None:
    show(artwork=default_storage.save("show/artwork.png", ContentFile(b"artwork")))
    call_command("import_jekyll", str(SITE), stdout=open("/dev/null", "w"))  # noqa: SIM115


def finished(row: Episode) -> Episode:
    finish_edit(row, None, "desk")
    return row


def small() -> None:
    show()
    finished(episode("One", 36))
    finished(
        episode(
            "A Site",
            37,
            topics=[(400, "Why Flask"), (500, "Deploys")],
            technologies=["Flask"],
            guests=["Ann Lee"],
        )
    )


def odd_rows() -> None:
    """Rows that the sample lacks: every status and model, and values that only the desk makes."""
    ann = guest(
        "Ann Lee",
        introduction="**Ann**\n\nwrites {{ liquid }}.",
        mastodon="https://m.example/@a",
        bluesky="ann.example",
        youtube="https://www.youtube.com/@ann",
    )
    ann.add_names("Anne Leigh")
    ann.avatar.save("ann.png", ContentFile(b"picture of Ann"))
    flask = technology("Flask", introduction="---\nA {% raw %} framework", category="framework")
    flask.add_names("Flasque")
    merged = library("https://celery.example.org/")
    merged.addresses.create(key="old.celery.example.org")
    due = finished(
        episode(
            "Due: “all” of it",
            101,
            topics=[
                (0, "Zero"),
                (60, "One {{ page.x }}"),
                (60, "One again"),
                (60, "[And](/podcast/104-old)"),
            ],
            technologies=["Redis", "Flask"],
            guests=["Phil Gyford", "Ann Lee"],
            references=["https://example.org/a", "https://example.org/a"],
            libraries=["https://old.celery.example.org", "https://gone.example.org"],
            introduction="{% include x %}\n\n---\n\nEnd: of *it*.",
            first_published_at=PAST,
            correction="A “correction”.",
            updated_on=PAST,
            type="bonus",
            season=3,
            language="de",
            explicit=False,
            image=default_storage.save("episodes/square.png", ContentFile(b"square")),
        )
    )
    Appearance.objects.filter(guest=ann).update(role="co-host", title="CTO, of: Example")
    # A library's address in the notes, since given to another library.
    Library.objects.get(slug="gone").addresses.all().delete()
    LibraryUse.objects.filter(episode=due, position=1).update(url="", label="[odd", note="n")
    audio = Enclosure.objects.get(episode=due)
    audio.file.save("101.mp3", ContentFile(b"sound" * 300_000))
    Sponsor.objects.create(episode=due, name="Sponsor & Sons", text="*Buy*: {{ it }}", url="")
    finished(due)
    transcript = Transcript.objects.create(episode=due, reviewed=True, source_format="srt")
    transcript.cues.create(
        position=0,
        start=0,
        end=1500,
        text="Hello",
        speaker="Ann",
        guest=ann,
        identifier="1",
        settings="align:start",
        reviewed=True,
    )
    transcript.cues.create(
        position=1, start=1500, end=3000, text="<b>Bye</b> & so", speaker="Ann", language="en"
    )
    odd = finished(
        episode("Odd cues", 102, status="withdrawn", notice="Gone: {{ x }}", seconds=None)
    )
    Transcript.objects.create(episode=odd).cues.create(
        position=0, start=0, end=1, text="a --> b\n\nc", identifier="-->"
    )
    finished(episode("Scheduled", 103, published_at=datetime.now(UTC) + timedelta(days=400)))
    finished(
        episode("A draft", None, status="draft", published_at=None, draft_text="half\x0c done: ")
    )
    finished(
        episode("Binned", 101, guid="g", slug="101-due-all-of-it", deleted_at=PAST, seconds=None)
    )
    finished(
        episode(
            "Interview",
            101,
            kind="interview",
            seconds=None,
            introduction="## Topics Include\n\n- 1:00 -- no topic",
            references=["https://example.org/r"],
        )
    )
    moved = finished(episode("Moved", 104, slug="104-new"))
    assert Mention.objects.filter(path="/podcast/104-old").update(target=moved)
    Page.objects.create(
        slug="index",
        title="Not: the index",
        body=" odd\r\n{{ page }}\u2028",
        indexed=False,
        published=False,
    )
    Page.objects.create(slug="thanks", title="Thanks", body="To *you*\n\n---\n\nall.")
    FollowLink.objects.create(name="App", url="https://app.example", position=2)
    FollowLink.objects.create(name="App", url="https://app.example", position=2, closed=True)
    Promotion.objects.create(title="Course", url="https://c.example/?e={episode}", text="\ttab")
    Highlight.objects.create(path="/podcast/101-due-all-of-it?t=60", position=2)
    Highlight.objects.create(path="/podcast/104-new", position=1)
    CallToAction.objects.update_or_create(
        purpose="support", defaults={"label": "Give", "url": "mailto:a@b.example"}
    )
    Redirect.objects.create(old_path="/gone", new_path="")
    Redirect.objects.create(old_path="/podcast/104-old", new_path="/podcast/104-new")
    SynonymGroup.objects.create(words="outage, went down")
    off = SynonymGroup.objects.filter(shipped=True).first()
    SynonymGroup.objects.filter(pk=off.pk).update(active=False)
    Question.objects.create(title="Tips?", slug="tips", query='"best tips" or advice', position=2)
    ZeroResultQuery.objects.create(query="zope: “{{”", count=7, last_on=PAST.date())
    GuestWanted.objects.create(subject="Zope")
    default_storage.save("pictures/assets/diagram.png", ContentFile(b"diagram"))


def export(folder: Path) -> str:
    return run("export_catalogue", str(folder))


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def elsewhere(settings, tmp_path: Path) -> None:
    """A new installation: no rows but the shipped ones, no files."""
    empty_database()
    sync_shipped_synonyms()
    settings.MEDIA_ROOT = tmp_path / "other-media"


@pytest.mark.slow
def test_the_round_trip_is_exact(tmp_path, settings):
    sample()
    odd_rows()
    before, stored = catalogue(), files_of(Path(settings.MEDIA_ROOT))
    assert all(before[model._meta.label] for model in exported_models())
    export(tmp_path / "export")
    elsewhere(settings, tmp_path)
    out = run("import_jekyll", str(tmp_path / "export"))
    assert " 0 failed; 0 errors" in out, out
    after = catalogue()
    for label, rows in before.items():
        assert after[label] == rows, label
    assert files_of(tmp_path / "other-media") == stored
    export(tmp_path / "again")
    assert files_of(tmp_path / "again") == files_of(tmp_path / "export")


def test_again_changes_nothing_and_a_dry_run_neither(tmp_path, settings):
    small()
    default_storage.save("pictures/one.png", ContentFile(b"one"))
    Redirect.objects.create(old_path="/gone", new_path="")
    export(tmp_path / "export")
    with CaptureQueriesContext(connection) as queries:
        out = run("import_jekyll", str(tmp_path / "export"))
    assert " 0 new, 0 changed, " in out
    written = [each["sql"] for each in queries if each["sql"].startswith(("INSERT", "UPDATE"))]
    assert written == []
    elsewhere(settings, tmp_path)
    out = run("import_jekyll", str(tmp_path / "export"), dry_run=True)
    assert " 0 failed; 0 errors" in out
    assert "media/pictures/one.png: new" in out
    assert not Episode.objects.exists()
    assert not (tmp_path / "other-media").exists()


def test_every_model_is_exported_or_has_a_reason():
    tables = {table.model.__name__ for table in TABLES} | {"Show", "Episode"}
    unknown = {model.__name__ for model in exported_models()} - tables - HANGING
    assert not unknown, f"export these rows, or say in NOT_EXPORTED why not: {unknown}"


def test_every_column_is_exported_or_derived():
    for model in exported_models():
        exported = {field.name for field in columns(model)}
        for field in model._meta.concrete_fields:
            name = f"{model._meta.label}.{field.name}"
            own = field.name in exported or is_derived(field.name) or field.primary_key
            assert own or (isinstance(field, models.ForeignKey) and name in RELATIONS), name


def test_the_export_is_a_jekyll_site(tmp_path):
    sample()
    tmp_path /= "export"
    export(tmp_path)
    config = yaml.safe_load((tmp_path / "_config.yml").read_text())
    assert config["url"] == "https://runninginproduction.com"
    post = next((tmp_path / "_posts" / "podcast").glob("2020-06-29-37-*.md")).read_text()
    front, body = post.split("\n---\n", 1)
    values = yaml.safe_load(front)
    assert values["title"] == "A Real Estate Order and Appraisal System for a Small Business"
    assert values["category"] == "podcast"
    assert values["tags"][:2] == ["django", "python"]
    assert "- 6:40 -- Motivation for using Django and Python" in body
    withdrawn = next((tmp_path / "_posts" / "podcast").glob("*-72-*.md")).read_text()
    assert yaml.safe_load(withdrawn.split("\n---\n")[0])["published"] is False


def test_the_manifest_proves_the_copy(tmp_path):
    small()
    export(tmp_path / "export")
    done = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=tmp_path / "export")
    assert done.returncode == 0
    named = (tmp_path / "export" / "SHA256SUMS").read_text().count("\n")
    assert named == len(files_of(tmp_path / "export")) - 1


def test_another_folder_is_never_touched(tmp_path):
    show()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("precious")
    with pytest.raises(CommandError, match="not empty"):
        export(tmp_path / "mine")
    assert files_of(tmp_path) == {"mine/thesis.txt": b"precious"}


def test_an_earlier_export_is_brought_up_to_date_and_its_repository_stays(tmp_path):
    small()
    folder = tmp_path / "export"
    export(folder)
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main")
    Page.objects.create(slug="new", title="New")
    Episode.objects.filter(number=37).delete()
    export(folder)
    assert (folder / ".git" / "HEAD").is_file()
    assert (folder / "pages" / "new.md").is_file()
    assert not list(folder.glob("_posts/*/*-37-*"))
    assert not list(folder.glob(f"{NEW}*"))


def test_a_folder_that_is_there_needs_nothing_of_its_parent(tmp_path, monkeypatch):
    small()
    folder, made = tmp_path / "export", []
    folder.mkdir(mode=0o750)
    (folder / f"{NEW}killed").mkdir()
    make = tempfile.mkdtemp

    def record(**how):
        made.append(how["dir"])
        return make(**how)

    monkeypatch.setattr(tempfile, "mkdtemp", record)
    export(folder)
    export(folder)
    assert made == [folder, folder]
    assert not list(folder.glob(f"{NEW}*"))
    assert stat.filemode(folder.stat().st_mode) == "drwxr-x---"
    assert (folder / "_config.yml").is_file()


def test_a_first_export_that_was_interrupted_while_files_moved_is_replaced(tmp_path):
    small()
    folder = tmp_path / "export"
    export(folder)
    whole = files_of(folder)
    (folder / "SHA256SUMS").rename(folder / REPLACING)
    (folder / "_config.yml").unlink()
    export(folder)
    assert files_of(folder) == whole


def test_an_edited_export_is_imported_before_it_is_replaced(tmp_path):
    small()
    export(tmp_path / "export")
    post = next(tmp_path.glob("export/_posts/podcast/*-37-*.md"))
    post.write_text(post.read_text().replace("- 6:40 -- Why Flask", "- 6:41 -- Why not"))
    with pytest.raises(CommandError, match="edited since"):
        export(tmp_path / "export")
    out = run("import_jekyll", str(tmp_path / "export"))
    assert ", 1 changed, " in out
    topics = Episode.objects.get(number=37).topics
    assert topics.first().seconds == 401
    assert topics.count() == 2


def photo(name: str, content: bytes) -> str:
    """A guest's photo; its name in the storage."""
    row = guest(name)
    row.avatar.save(f"{name}.png", ContentFile(content))
    return str(row.avatar.name)


def test_a_missing_file_is_named_and_a_damaged_one_refused(tmp_path, settings):
    show()
    ann, bob = photo("Ann", b"picture"), photo("Bob", b"picture of Bob")
    default_storage.delete(bob)
    out = export(tmp_path / "export")
    assert f"{bob}: not in storage" in out
    assert out.endswith("exit 1")
    (tmp_path / "export" / "media" / ann).write_bytes(b"pictur")
    elsewhere(settings, tmp_path)
    out = run("import_jekyll", str(tmp_path / "export"))
    assert f"media/{ann}: error: Not the file that was exported" in out


def test_large_files_are_linked_from_the_earlier_export(tmp_path, settings):
    show()
    path = tmp_path / "export" / "media" / photo("Ann", b"picture")
    export(tmp_path / "export")
    inode = path.stat().st_ino
    export(tmp_path / "export")
    assert path.stat().st_ino == inode
    assert (
        hashlib.sha256(path.read_bytes()).hexdigest()
        in (tmp_path / "export" / "SHA256SUMS").read_text()
    )


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        ("_config.yml", ('timezone: "America/New_York"', 'timezone: "Mars"'), "[timezone: Mars]"),
        ("_config.yml", ('catalogue: "1"', 'catalogue: "2"'), "Another version's export"),
        ("_data/guests.yml", ('"Ann Lee"', "[]"), "_data/guests.yml:"),
        ("_data/guests.yml", ("- name:", "- name: {"), "YAML"),
        ("tags/flask.md", ('tag: "flask"', 'tag: "fl.sk"'), "technology_slug"),
        ("_posts", ("seconds: 3000", "seconds: long"), "[seconds: long]"),
        ("_posts", ('guest: "ann-lee"', 'guest: "nobody"'), "No guest of this address"),
        ("_posts", ('date: "2021', 'date: "20-21'), "[published_at: 20-21"),
        ("_posts", ("guid:", "gid:"), "A post of an export has a GUID"),
        ("_posts", ("number: 37", "number: 99999999999"), "out of range"),
        ("_posts", ("number: 37", "nmber: 37"), "[nmber: 37]"),
        ("_posts", ("- 6:40 --", "- 6:99 --"), "6:99"),
        ("_posts", ('status: "published"', 'status: "public"'), "Expected one of draft"),
    ],
)
def test_what_cannot_be_read_is_named_and_left_out(tmp_path, settings, file, change, message):
    small()
    export(tmp_path / "export")
    path = tmp_path / "export" / file
    if file == "_posts":
        path = next(path.glob("*/*-37-*.md"))
    text = path.read_text()
    assert change[0] in text
    path.write_text(text.replace(*change, 1))
    elsewhere(settings, tmp_path)
    out = run("import_jekyll", str(tmp_path / "export"))
    assert message in out
    assert out.endswith("exit 1")
    if file == "_posts":
        assert not Episode.objects.filter(slug__startswith="37-").exists()
        assert Episode.objects.count() == 1


def test_a_binned_episode_stays_in_the_bin(tmp_path):
    small()
    export(tmp_path / "export")
    Episode.objects.filter(number=37).update(deleted_at=PAST)
    out = run("import_jekyll", str(tmp_path / "export"))
    assert "Skipped: it was moved to or restored from the bin here" in out
    assert not Episode.objects.filter(number=37).exists()


def test_links_out_of_the_folder_are_not_followed(tmp_path, settings):
    small()
    export(tmp_path / "export")
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"secret")
    (tmp_path / "export" / "media").mkdir(exist_ok=True)
    (tmp_path / "export" / "media" / "leak.png").symlink_to(secret)
    shutil.rmtree(tmp_path / "export" / "tags")
    (tmp_path / "export" / "tags").symlink_to(tmp_path)
    elsewhere(settings, tmp_path)
    run("import_jekyll", str(tmp_path / "export"))
    assert not default_storage.exists("leak.png")


def test_an_unnamed_show_is_exported_too(tmp_path, settings):
    export(tmp_path / "export")
    elsewhere(settings, tmp_path)
    assert " 0 failed; 0 errors" in run("import_jekyll", str(tmp_path / "export"))
    assert Show.objects.get().title == "Our podcast"
