"""What each page shows, and what it must not show."""

import re
from itertools import pairwise, product

import pytest
from django.conf import settings
from django.test import Client

from episodes.models import Episode
from episodes.tests.factories import episode, guest, show, technology
from pages.templatetags.formatting import icon
from pages.tests.factories import catalogue, full_episode, in_the_future, interview, sponsored
from search.models import Question
from show.models import Page
from stack.models import Technology

pytestmark = pytest.mark.django_db


def body(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode()


def test_home_before_anything_is_published(client: Client) -> None:
    html = body(client, "/")
    assert "No episode has been published yet." in html
    assert "0 episodes" not in html


def test_home_shows_the_newest_first_and_the_totals(client: Client) -> None:
    catalogue(3)
    response = client.get("/")
    assert response.context["newest"].title == "Episode 3"
    assert [row.title for row in response.context["recent"]] == ["Episode 2", "Episode 1"]
    html = response.content.decode()
    assert "3 episodes" in html
    assert "9 moments" in html
    assert "Overcast" in html
    assert "Interview 1" in html
    assert "Become a guest" in html
    assert "Report a mistake" not in html


def test_episode_shows_its_sections_in_order(client: Client) -> None:
    rows = catalogue(3)
    html = body(client, rows[1].get_absolute_url()).partition("<main")[2]
    sections = [
        "Episode 2</h1>",
        "Guest 2",
        "<audio",
        "Summary 2.",
        ">Stack</h2>",
        ">Topics</h2>",
        "Introduction 2.",
        ">Libraries</h2>",
        ">References</h2>",
        ">Similar stacks</h2>",
        'rel="prev"',
        'rel="next"',
        ">Support the show</h2>",
        "https://example.org/c?from=/podcast/2-episode-2",
        "Published",
        "mailto:host@example.org?subject=A%20mistake%20in%202%3A%20Episode%202",
    ]
    places = [html.find(section) for section in sections]
    assert -1 not in places, sections[places.index(-1)]
    assert places == sorted(places)


def test_audio_preloads_nothing_and_has_the_sites_address(client: Client) -> None:
    row = full_episode(37)
    html = body(client, row.get_absolute_url())
    assert '<audio controls preload="none" src="/audio/podcast-37.mp3"' in html


def test_a_sponsor_replaces_the_promotions(client: Client) -> None:
    row = sponsored(catalogue(1)[0])
    html = body(client, row.get_absolute_url())
    assert 'href="https://acme.example.org" rel="sponsored noopener"' in html
    assert "A course" not in html


def test_topics_at_the_same_second_share_one_target(client: Client) -> None:
    row = full_episode(26, topics=[(3560, "Backups"), (3560, "Restores")])
    html = body(client, row.get_absolute_url())
    assert html.count('id="t-3560"') == 1
    assert html.count('id="59:20"') == 1
    assert html.count('href="?t=3560"') == 2


def test_topic_markup_is_shown_and_titles_are_escaped(client: Client) -> None:
    row = episode("R&D <b>", 5, topics=[(5, "See [docs](https://example.org/d)")])
    html = body(client, row.get_absolute_url())
    assert '<a href="https://example.org/d"' in html
    assert ">R&amp;D &lt;b&gt;</h1>" in html


def test_an_episode_without_topics_guests_or_audio(client: Client) -> None:
    html = body(client, episode("Bare", 5, seconds=None).get_absolute_url())
    assert "Bare</h1>" in html
    assert 'id="topics"' not in html


@pytest.mark.parametrize("kind", [Episode.Kind.PODCAST, Episode.Kind.INTERVIEW])
def test_drafts_and_scheduled_ones_are_404(client: Client, kind: str) -> None:
    draft = full_episode(1, kind=kind, status=Episode.Status.DRAFT)
    scheduled = full_episode(2, kind=kind, published_at=in_the_future())
    for row in (draft, scheduled):
        html = body(client, row.get_absolute_url(), 404)
        assert row.title not in html
    assert body(client, f"/podcast/{draft.slug}/chapters.json", 404)


def test_a_withdrawn_episode_shows_its_notice_and_nothing_else(client: Client) -> None:
    show()
    row = full_episode(72, status=Episode.Status.WITHDRAWN, notice="It is *under review*.")
    html = body(client, f"{row.get_absolute_url()}?t=100")
    assert "It is <em>under review</em>." in html
    assert '<meta name="robots" content="noindex">' in html
    for hidden in ("<audio", "Guest 72", "Django", "Introduction", "Why Django", "ld+json"):
        assert hidden not in html
    body(client, f"{row.get_absolute_url()}/chapters.json", 404)


def test_a_withdrawn_episode_is_in_no_list(client: Client) -> None:
    catalogue(1)
    full_episode(
        72,
        status=Episode.Status.WITHDRAWN,
        guests=["Only There"],
        technologies=["Fortran"],
        libraries=["https://github.com/only/there"],
    )
    for path in ("/", "/podcast/", "/stack/", "/libraries/", "/guests/", "/search?q=episode"):
        html = body(client, path)
        assert "Episode 72" not in html, path
        assert "Only There" not in html, path
        assert "Fortran" not in html, path
    body(client, "/guests/only-there", 404)
    body(client, "/stack/fortran", 404)
    body(client, "/libraries/there", 404)
    body(client, "/podcast/?guest=only-there", 404)


def test_chapters_are_exactly_the_topics(client: Client) -> None:
    row = full_episode(37)
    response = client.get(f"{row.get_absolute_url()}/chapters.json")
    assert response.headers["Content-Type"] == "application/json+chapters"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.json()["chapters"] == [
        {"startTime": 100, "title": "Why Django and Redis"},
        {"startTime": 1526, "title": "Recap of AWS services"},
        {"startTime": 2000, "title": "Best tips? Ship <early>"},
    ]


def test_interview_is_its_text_without_audio(client: Client) -> None:
    row = interview(8)
    html = body(client, row.get_absolute_url())
    assert "<h2>What do you run?</h2>" in html
    assert "<audio" not in html
    body(client, f"/podcast/{row.slug}", 404)


def test_stack_lists_technologies_with_counts(client: Client) -> None:
    catalogue(2)
    Technology.objects.create(name="Unused", slug="unused")
    counts = {row.name: row.episode_count for row in client.get("/stack/").context["technologies"]}
    assert list(counts) == ["Redis", "Django", "Phoenix", "Tool 1", "Tool 2"]  # by use
    assert counts == {"Django": 2, "Redis": 3, "Phoenix": 1, "Tool 1": 1, "Tool 2": 1}


def test_stack_lists_dates_and_links_to_categories(client: Client) -> None:
    for name, category in [("Django", "framework"), ("Redis", "database"), ("Go", "language")]:
        technology(name, category=category)
    full_episode(1, technologies=["Django", "Redis", "Go"])
    full_episode(40, technologies=["Redis", "Go"])
    html = " ".join(body(client, "/stack/").split())
    targets = re.findall(r'href="\?category=([^"]+)"', html.partition("<main")[2])
    assert targets == ["framework", "language", "database"]
    assert "<small>1<span> episode, June 2020 </span></small>" in html
    assert html.count("<small>2<span> episodes, June 2020 to March 2021 </span></small>") == 2
    for target, name in zip(targets, ["Django", "Go", "Redis"], strict=True):
        page = client.get(f"/stack/?category={target}")
        assert [row.name for row in page.context["technologies"]] == [name]
        canonical = f'<link rel="canonical" href="{settings.SITE_URL}/stack/?category={target}">'
        assert canonical in page.content.decode()


def test_technology_puts_its_main_episodes_first(client: Client) -> None:
    catalogue(2)
    full_episode(9, technologies=["Redis", "Go"])
    context = client.get("/stack/redis").context
    assert [row.title for row in context["main"]] == ["Episode 9"]
    assert [row.title for row in context["others"]] == ["Episode 2", "Episode 1", "Interview 1"]
    assert context["moment_count"].moments == 3


def test_a_technology_of_one_episode_has_its_moments_under_it(client: Client) -> None:
    full_episode(8, topics=[(60, "Why Ansible")], technologies=["Ansible"])
    html = body(client, "/stack/ansible")
    assert html.count("Episode 8</a>") == 1
    assert html.index("What they say") < html.index("Episode 8</a>") < html.index("Why Ansible")
    # Another episode mentions it: then each moment names its episode.
    full_episode(9, topics=[(60, "Ansible was too slow")], technologies=["Go"])
    html = body(client, "/stack/ansible")
    assert html.index("Why Ansible") < html.index("Built with Ansible")


def test_technology_lists_what_it_is_used_with(client: Client) -> None:
    catalogue(2)
    html = body(client, "/stack/django")
    assert "Websites using Django in production</h1>" in html
    name = f"{icon('Redis')}Redis <small>2</small>"
    assert f'<a href="/podcast/?stack=django&amp;stack=redis" rel="nofollow">{name}</a>' in html
    assert "celery" in html


def test_library_lists_the_episodes_that_name_it(client: Client) -> None:
    catalogue(2)
    context = client.get("/libraries/celery").context
    assert [row.title for row in context["episodes"]] == ["Episode 2", "Episode 1"]
    assert "celery" in body(client, "/libraries/")


def test_guests_leave_out_the_host_until_an_episode_is_about_him(client: Client) -> None:
    catalogue(1)
    assert "/guests/nick-janetakis" not in body(client, "/guests/")
    body(client, "/guests/nick-janetakis", 404)
    full_episode(100, guests=["Nick Janetakis"])
    assert "/guests/nick-janetakis" in body(client, "/guests/")


def test_guest_shows_episodes_tip_stack_and_links(client: Client) -> None:
    guest("Guest 1", website="https://guest.example.org", website_href="https://ad.example.org")
    catalogue(3)
    response = client.get("/guests/guest-1")
    html = response.content.decode()
    assert 'href="https://ad.example.org" rel="me noopener">guest.example.org' in html
    assert "Best tips? Ship &lt;early&gt;" in html
    assert response.context["tip"].seconds == 2000
    similar = [row.name for row in response.context["similar"]]
    assert "Guest 2" in similar
    assert "Ann Other" not in similar, "they are in one episode"


def test_guest_shows_no_tip_of_another_guest(client: Client) -> None:
    guests = ["Clemens Wolff", "Shaun Bathgate"]
    tips = [(5, "Best tips (Clemens)? Listen"), (9, "Best tips (Shaun)? Test"), (12, "Flask")]
    full_episode(46, guests=guests, topics=tips)
    response = client.get("/guests/shaun-bathgate")
    assert response.context["tip"].plain == "Best tips (Shaun)? Test"
    assert [each.plain for each in response.context["moments"]] == ["Flask"]
    html = response.content.decode()
    both = "<small><bdi>Clemens Wolff</bdi> and <bdi>Shaun Bathgate</bdi>, 2021</small>"
    assert html.count(both) == 2, "above the tip and above the moments"
    assert "<small><bdi>Shaun Bathgate</bdi></small>" not in html


def test_guest_shows_their_answers_instead_of_the_first_topics(client: Client) -> None:
    catalogue(0)
    for position, query in enumerate(["deploy", "backup", "regret or backup"], start=2):
        Question.objects.create(
            title=query.title(), slug=f"q-{position}", query=query, position=position
        )
    topics = [(5, "Hello"), (9, "Backup to S3"), (12, "Backups again"), (20, "Deploys by hand"),
              (30, "Best tips? Rest"), (40, "Backups (Ben)")]  # fmt: skip
    full_episode(1, guests=["Zoe Quill", "Ben Bo"], topics=topics)
    response = client.get("/guests/zoe-quill")
    assert response.context["tip"].plain == "Best tips? Rest"
    answers = [(each.title, moment.plain) for each, moment in response.context["answers"]]
    assert answers == [
        ("Deploy", "Deploys by hand"),
        ("Backup", "Backup to S3"),
        ("Regret Or Backup", "Backups again"),
    ]
    assert response.context["moments"] == []
    html = response.content.decode()
    assert '<small><a href="/questions/q-2" dir="auto">Deploy</a></small>' in html
    assert "Hello" not in html
    assert "(Ben)" not in html


def test_flat_pages(client: Client) -> None:
    catalogue(1)
    assert "You are <em>kind</em>." in body(client, "/thanks")
    Page.objects.create(slug="secret", title="Not yet", published=False)
    body(client, "/secret", 404)


def test_the_footer_links_to_pages_that_search_engines_may_list(client: Client) -> None:
    catalogue(1)
    Page.objects.create(slug="draft", title="Not yet", published=False)
    Page.objects.create(slug="offer", title="Unlisted", indexed=False)
    Page.objects.create(slug="affiliate-links", title="Some pages have affiliate links")
    footer = body(client, "/").split("<footer>")[1]
    assert '<a href="/thanks"><bdi>Thank you</bdi></a>' in footer
    assert footer.count("/affiliate-links") == 1
    assert "Not yet" not in footer
    assert "Unlisted" not in footer


def test_dates_are_in_the_shows_time_zone(client: Client) -> None:
    """Midnight in New York is 5 in the morning in UTC, and still the day before in Honolulu."""
    row = full_episode(1)
    show(timezone="America/New_York")
    assert "June 8, 2020" in body(client, row.get_absolute_url())
    show(timezone="Pacific/Honolulu")
    assert "June 7, 2020" in body(client, row.get_absolute_url())


PUBLIC = [
    "/",
    "/podcast/",
    "/podcast/?stack=django",
    "/podcast/1-episode-1?t=100",
    "/podcast/1-episode-1/chapters.json",
    "/interviews/",
    "/interviews/1-interview-1",
    "/stack/",
    "/stack/django",
    "/stack/mine",
    "/stack/mine?stack=django",
    "/libraries/",
    "/libraries/celery",
    "/guests/",
    "/guests/guest-1",
    "/search?q=django",
    "/search.json?q=django",
    "/search/suggest.json?q=django",
    "/opensearch.xml",
    "/follow",
    "/follow?feed=/stack/django/feed.xml",
    "/thanks",
    "/robots.txt",
    "/sitemap.xml",
    "/sitemap-episodes.xml",
]


def test_public_pages_ignore_cookies_and_users(
    client: Client, host: Client, subtests: pytest.Subtests
) -> None:
    catalogue(1)
    for path, visitor in product(PUBLIC, (client, host)):
        with subtests.test(path):
            response = visitor.get(path)
            assert response.status_code == 200
            assert not response.cookies
            assert "Cookie" not in response.headers.get("Vary", "")
            assert response.headers["ETag"]


def test_public_pages_hold_no_inline_script_or_style(
    client: Client, subtests: pytest.Subtests
) -> None:
    catalogue(1)
    for path in PUBLIC:
        with subtests.test(path):
            html = client.get(path).content.decode()
            assert "<style" not in html
            assert " style=" not in html
            scripts = html.count("<script")
            harmless = html.count('<script type="application/ld+json">')
            assert scripts == harmless + html.count('<script type="module" src="/static/')


def test_pages_have_one_h1_landmarks_and_headings_in_order(
    client: Client, subtests: pytest.Subtests
) -> None:
    catalogue(2)
    for path in PUBLIC:
        if "." in path:
            continue
        with subtests.test(path):
            html = client.get(path).content.decode()
            levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
            assert levels.count(1) == 1
            assert levels[0] == 1
            assert all(after - before <= 1 for before, after in pairwise(levels))
            assert html.count("<main") == 1
            assert '<a class="skip" href="#main">' in html


def test_the_page_reads_in_its_languages_direction(client: Client) -> None:
    show(language="he")
    assert '<html lang="he" dir="rtl">' in client.get("/").content.decode()


def test_code_in_notes_can_be_scrolled_by_keyboard(client: Client) -> None:
    code = "Intro\n\n    a line of code"
    rows = [full_episode(1, introduction=code), interview(2, introduction=code)]
    for row in rows:
        html = client.get(row.get_absolute_url()).content.decode()
        assert '<pre tabindex="0"><code>a line of code' in html
