"""A part of the site this one replaces, and posts made odd on purpose."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from episodes.models import Appearance, Episode, LibraryUse, Mention, Reference, Use
from episodes.tests.factories import show
from feeds.podcast_guid import guid_of
from guests.models import Guest
from media.tests.test_uploads import picture
from show.models import CallToAction, FollowLink, Page, Show
from stack.models import Technology
from topics.models import Topic

pytestmark = pytest.mark.django_db

SITE = Path(__file__).parent / "jekyll"
DOCUMENT = Path(settings.BASE_DIR) / "fixtures" / "show-notes.txt"
FACTS = Path(settings.BASE_DIR) / "fixtures" / "audio.tsv"


def run(directory: Path = SITE, **options: object) -> str:
    out = StringIO()
    try:
        call_command("import_jekyll", str(directory), stdout=out, **options)
    except SystemExit as stopped:
        assert stopped.code == 1
        return out.getvalue() + "exit 1"
    return out.getvalue()


def test_every_topic_link_tag_guest_and_slug_of_the_ten_posts():
    show()
    out = run()
    assert "exit 1" not in out
    assert Episode.objects.count() == 10
    topics = {
        row.number: row.topics.count() for row in Episode.objects.podcast() if not row.is_withdrawn
    }
    assert topics == {0: 5, 2: 39, 9: 90, 33: 61, 37: 12, 46: 18, 56: 17}
    assert Topic.objects.filter(episode__number=33, seconds=3862).exists()  # 1:04-22
    slugs = {path.stem.split("-", 3)[3] for path in SITE.glob("_posts/*/*.md")}
    assert set(Episode.objects.values_list("slug", flat=True)) == slugs
    assert Guest.objects.filter(appearances__isnull=False).distinct().count() == 10
    assert Appearance.objects.filter(episode__number=46).count() == 2
    assert Technology.objects.count() == 67
    assert Use.objects.filter(episode__number=56, technology__slug="docker").count() == 1
    assert Reference.objects.count() == 32
    assert LibraryUse.objects.count() == 23


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_withdrawn_episode_is_said_to_be_withdrawn(dry_run: bool):
    show()
    out = run(dry_run=dry_run)
    assert "72: This Episode Was Removed Because It's under Review (withdrawn): new" in out
    assert out.count("(withdrawn)") == 1


def test_again_changes_nothing_and_topics_keep_their_keys():
    show()
    run()
    keys = set(Topic.objects.values_list("pk", flat=True))
    out = run()
    assert "0 new, 0 changed, " in out
    assert set(Topic.objects.values_list("pk", flat=True)) == keys


@pytest.mark.slow
@pytest.mark.parametrize("notes_first", [True, False])
def test_notes_and_posts_share_episodes_in_either_order(notes_first: bool):
    show()

    def run_notes() -> str:
        out = StringIO()
        call_command("import_show_notes", str(DOCUMENT), facts=FACTS, stdout=out)
        return out.getvalue()

    first, second = (run_notes, run) if notes_first else (run, run_notes)
    first()
    keys = set(Topic.objects.filter(episode__number__in=[33, 37]).values_list("pk", flat=True))
    second()
    assert Episode.objects.count() == 18  # ten and ten, two of them shared
    again = Topic.objects.filter(episode__number__in=[33, 37]).values_list("pk", flat=True)
    assert set(again) == keys
    assert "0 new, 0 changed" in first()
    assert "0 new, 0 changed" in second()
    last = Topic.objects.filter(episode__number=37).last()
    assert "[GitHub](https://github.com/avlewis)" in last.text


def test_liquid_facts_and_odd_front_matter():
    show()
    out = run()
    trailer = Episode.objects.get(number=0, kind="podcast")
    assert [link.label for link in trailer.references.all()] == [
        "Become a guest on the podcast",
        "Get interviewed by email",
    ]
    assert not trailer.appearances.exists()
    nova = Guest.objects.get(name="Dave Blakey")
    assert nova.website == "https://nova-adc.com"
    assert "utm_source" in nova.website_href
    assert "utm_source" in Episode.objects.get(number=9).introduction
    last = Topic.objects.filter(episode__number=9).last()
    assert last.plain.endswith("you can also find them @SnaptADC on Twitter")
    withdrawn = Episode.objects.get(number=72)
    assert withdrawn.is_withdrawn
    assert "very secret" in withdrawn.notice_html
    assert withdrawn.introduction == ""
    assert "[guest_website: #]" in out
    interview = Episode.objects.interviews().get(number=2)
    assert interview.title.endswith("You Use with CodeStats")
    assert interview.appearances.get().title == "Elixir enthusiast / Code::Stats lead developer"
    assert interview.updated_on.isoformat() == "2019-11-19T05:00:00+00:00"
    assert not hasattr(interview, "enclosure")
    assert "[@AmNicd](https://twitter.com/AmNicd)" in interview.introduction
    references = Episode.objects.interviews().get(number=8).introduction_html
    assert '<a href="https://getbootstrap.com/"' in references
    assert "{{" not in "".join(Episode.objects.values_list("introduction", flat=True))
    assert "hetzner" in out
    assert "codestats" in interview.introduction_html


def test_settings_fill_what_the_show_does_not_say():
    Show.objects.create(title="Running in Production", timezone="America/New_York")
    run()
    row = Show.objects.current()
    assert row.website == "https://runninginproduction.com"
    assert row.host.name == "Nick Janetakis"
    assert FollowLink.objects.open().count() == 6
    assert CallToAction.objects.count() == 3


def test_tags_state_title_introduction_and_homepage():
    show()
    Technology.objects.create(name="Postgres (mine)", slug="postgres", category="database")
    run()
    row = Technology.objects.get(slug="postgres")
    assert row.name == "Postgres (mine)"
    assert row.title == "Websites Using PostgreSQL in Production"
    assert row.homepage == "https://www.postgresql.org/"
    assert "PostgreSQL as one of their databases" in row.introduction_html
    assert Technology.objects.get(slug="azure").name == "Microsoft Azure"


def site(tmp_path: Path, post: str, name: str = "2020-01-06-11-odd.md") -> Path:
    """A checkout holding one post."""
    root = tmp_path / "site"
    shutil.rmtree(root, ignore_errors=True)
    (root / "_posts" / "podcast").mkdir(parents=True)
    shutil.copy(SITE / "_config.yml", root / "_config.yml")
    (root / "_posts" / "podcast" / name).write_text(post)
    return root


POST = """---
category: "podcast"
title: "Odd"
mp3_bytes: "100"
mp3_duration: "1:00:00"
guest: "Ann Lee"
guest_twitter: "annlee"
tags: ["django"]
---
Words by {{ page.guest }}.

## Topics Include

- 1:00 -- See <https://twitter.com/{{ %s }}>
"""


@pytest.mark.parametrize(
    "variable", ["guest.twitter", "site.guest_twitter", "guest.page_twitter", "page.guest_twitter"]
)
def test_undefined_liquid_is_repaired_from_the_front_matter(tmp_path, variable: str):
    show()
    out = run(site(tmp_path, POST % variable))
    assert Topic.objects.get().text == "See <https://twitter.com/annlee>"
    repaired = "_posts/podcast/2020-01-06-11-odd.md:14: warning: Undefined; read as" in out
    assert repaired == (variable != "page.guest_twitter")


def test_links_between_posts_become_relations(tmp_path):
    show(website="https://runninginproduction.com")
    slug = "2-a-video-based-aws-certificate-training-platform-called-exam-pro"
    link = f"https://runninginproduction.com/podcast/{slug}"
    root = site(tmp_path, POST.replace("{{ page.guest }}", f"[him]({link})") % "page.guest_twitter")
    run(root)
    assert Mention.objects.get().target is None
    run()
    assert Mention.objects.get(episode__number=11).target.number == 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("---\ncat", "cat"), "No front matter"),
        (('title: "Odd"', 'title: "Odd'), "YAML"),
        (('"podcast"', '"video"'), "[category: video]"),
        (("1:00 --", "1:99 --"), "1:99"),
        (('title: "Odd"', 'title: ""'), "no title"),
    ],
)
def test_a_post_that_cannot_be_read_is_named_and_left_out(tmp_path, change, message):
    show()
    out = run(site(tmp_path, (POST % "page.guest_twitter").replace(*change)))
    assert message in out
    assert "_posts/podcast/2020-01-06-11-odd.md" in out
    assert "1 failed" in out
    assert not Episode.objects.exists()


def test_pages_of_the_root_become_the_hosts_pages(tmp_path):
    show()
    root = site(tmp_path, POST % "page.guest_twitter")
    page = '---\ntitle: "Thanks"\n---\nTo **you**, {{ site.author.name }}.'
    (root / "thanks.md").write_text(page)
    (root / "README.md").write_text("# no page")
    run(root)
    assert Page.objects.get().body_html == "<p>To <strong>you</strong>, Nick Janetakis.</p>"


def test_a_directory_that_is_no_checkout(tmp_path):
    with pytest.raises(CommandError, match="_config.yml"):
        run(tmp_path)


@given(cut=st.integers(0, 500), insert=st.text(max_size=30), width=st.integers(0, 40))
@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_mutated_posts_never_break_the_import(tmp_path, cut: int, insert: str, width: int):
    show()
    text = POST % "page.guest_twitter"
    mutated = text[:cut] + insert.replace("\x00", "") + text[cut + width :]
    out = run(site(tmp_path, mutated.encode("utf-8", "replace").decode()))
    assert " items: " in out
    for row in Episode.objects.all():
        assert row.title


FEED = """---
layout: null
---
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">
  <channel>
    <title>Systems &amp; Co</title>
    <lastBuildDate>{{ site.time | date_to_rfc822 }}</lastBuildDate>
    <link>{{ site.url }}/podcast/</link>
    <description>How folks run {{ site.what | xml_escape }}.</description>
    <itunes:image href="{{ site.url }}{% asset_path banner.png %}" />
    <itunes:owner><itunes:email>{{ site.author.links.email }}</itunes:email></itunes:owner>
    <itunes:category text="Software How-To"/>
    <itunes:category text="Basket weaving"/>
    <itunes:category text="News"><itunes:category text="Tech News"/></itunes:category>
    {% for item in site.categories.podcast %}
    <item><title>{{ item.title }}</title></item>{% endfor %}
  </channel>
</rss>
"""


def site_with_feed(tmp_path: Path, feed: str = FEED) -> Path:
    """A checkout whose configuration has a value that must be escaped in XML."""
    root = site(tmp_path, POST % "page.guest_twitter")
    config = root / "_config.yml"
    config.write_text(f'what: "R&D"\n{config.read_text()}')
    (root / "podcast").mkdir()
    (root / "podcast" / "feed.xml").write_text(feed)
    return root


def test_the_feeds_template_says_what_the_show_is(tmp_path):
    out = run(site_with_feed(tmp_path))
    show = Show.objects.get()
    assert show.title == "Systems & Co"
    assert show.description == "How folks run R&D."
    assert show.categories == [["Technology"], ["News", "Tech News"]]
    assert "Apple calls it “Technology” now. [category: Software How-To]" in out
    assert "Apple has no such category; left out. [category: Basket weaving]" in out
    assert show.website == "https://runninginproduction.com"
    assert show.artwork_url == f"{show.website}/assets/banner.png"
    assert "podcast/feed.xml: warning: The artwork isn't in the checkout" in out
    assert show.podcast_guid == guid_of(f"{show.website}/podcast/feed.xml")
    assert f"podcast:guid: {show.podcast_guid}" in out


def test_the_end_says_what_the_show_lacks(tmp_path):
    out = run(site_with_feed(tmp_path))
    end = out.split("The show still lacks")[1]
    assert "A time zone." in end
    assert "A category" not in end
    Show.objects.update(dismissed=["timezone"])
    assert "A time zone." not in run(site_with_feed(tmp_path))


def test_what_the_host_wrote_about_the_show_stays(tmp_path):
    mine = show(title="My own title", categories=[["History"]])
    Show.objects.update(podcast_guid="3c0e7cb2-aeda-5971-87a4-d994709aab7d")
    run(site_with_feed(tmp_path))
    mine.refresh_from_db()
    assert (mine.title, mine.categories) == ("My own title", [["History"]])
    assert str(mine.podcast_guid) == "3c0e7cb2-aeda-5971-87a4-d994709aab7d"


def test_artwork_in_the_checkout_is_stored(tmp_path):
    root = site_with_feed(tmp_path)
    (root / "_assets").mkdir()
    (root / "_assets" / "banner.png").write_bytes(picture())
    out = run(root)
    assert Show.objects.get().artwork.name.startswith("show/banner")
    assert "artwork isn't in the checkout" not in out


def test_a_feed_that_cannot_be_read_is_named(tmp_path):
    out = run(site_with_feed(tmp_path, FEED.replace("</channel>", "")))
    assert "podcast/feed.xml" in out
    assert "What it says about the show is left out." in out
    assert Episode.objects.exists()


def test_pages_in_html_become_markdown(tmp_path):
    show()
    root = site(tmp_path, POST % "page.guest_twitter")
    body = '<div class="card"><h1>{{ page.title }}</h1><p>To <b>you</b>, {{ site.author.name }}:'
    page = f'---\ntitle: "Special * Thanks"\n---\n{body}<a href="/podcast/">listen</a></p></div>'
    (root / "thanks.html").write_text(page)
    (root / "404.html").write_text("---\ntitle: None\n---\n")
    (root / "health.html").write_text("ok")
    out = run(root)
    assert Page.objects.get().body == (
        "To **you**, Nick Janetakis:[listen](https://runninginproduction.com/podcast/)"
    )
    assert "404.html: warning: This site has its own; left out." in out
    assert "health.html: warning: A static file without front matter; left out." in out
    assert "0 failed; 0 errors" in out


def test_days_begin_in_the_time_zone_that_was_set_after_the_first_import(tmp_path):
    root = site(tmp_path, POST % "page.guest_twitter")
    assert "After you set it, import again" in run(root)
    Show.objects.update(timezone="America/New_York")
    run(root)
    assert Episode.objects.get().published_at.isoformat() == "2020-01-06T05:00:00+00:00"
