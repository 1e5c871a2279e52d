"""The search page, its JSON, and suggestions."""

import json
import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client

from episodes.models import Episode
from episodes.tests.factories import technology
from pages.templatetags.formatting import icon
from pages.tests.factories import catalogue, full_episode, in_the_future, interview
from search.engine import PAGE
from search.models import ZeroResultQuery
from search.query.parse import Restriction
from search.retrieval.results import DirectHit, MatchingMoment, Result, Results
from search.tests.factories import indexed
from show.models import CallToAction

pytestmark = pytest.mark.django_db

SITE = settings.SITE_URL
MANY = PAGE + 2


def get(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Replaces the engine: returns `answers["found"]`, records its arguments."""
    box: dict[str, Any] = {}

    def find(query: str, **options: object) -> Results:
        box["asked"] = (query, options)
        return box["found"]

    monkeypatch.setattr("pages.views.search.run_search", find)
    return box


def test_moments_lead_to_their_second(client: Client) -> None:
    catalogue(2)
    html = get(client, "/search?q=recap+aws")
    assert 'value="recap aws"' in html
    assert 'href="/podcast/2-episode-2?t=1526"><span class="time">25:26</span>' in html
    assert "<mark>Recap</mark>" in html
    assert "2 episodes" in html


def test_a_result_explains_its_match(client: Client, answers: dict[str, Any]) -> None:
    row = full_episode(37)
    marked = MatchingMoment(100, "a <b>", "a <mark>&lt;b&gt;</mark>", "topic")  # type: ignore[arg-type]
    cue = MatchingMoment(200, "we moved", "we moved", "cue")  # type: ignore[arg-type]
    text = MatchingMoment(None, "It began", "It began", "text")  # type: ignore[arg-type]
    result = Result(row, (marked, cue, text), 4, ("foo",), ("down<time",))
    answers["found"] = Results("a", (result,), 1)
    html = get(client, "/search?q=a")
    assert (
        "a &lt;mark&gt;&amp;lt;b&amp;gt;&lt;/mark&gt;" in html
    )  # only what is marked safe is HTML
    assert "<small>said</small> we moved" in html
    assert '<a href="/podcast/37-episode-37"><span class="time">text</span>' in html
    assert '<a href="/podcast/37-episode-37">4 more in this episode</a>' in html
    assert "without “<bdi>foo</bdi>”" in html
    assert "says “<bdi>down&lt;time</bdi>”" in html
    assert "1 episode<" in html
    assert "Newest first" not in html  # of one there is no order


def test_the_corrected_query_is_shown(client: Client, answers: dict[str, Any]) -> None:
    results = (Result(full_episode(1)), Result(full_episode(2)))
    answers["found"] = Results(
        "kuberntes & foo",
        results,
        1000,
        True,
        1,
        101,
        corrected="kubernetes & foo",
        dropped=("foo",),
    )
    html = get(client, "/search?q=kuberntes+%26+foo")
    assert "1,000+ episodes" in html
    assert "Showing results for <strong><bdi>kubernetes &amp; foo</bdi></strong>." in html
    assert (
        '<a href="/search?q=kuberntes+%26+foo&amp;exact=1" rel="nofollow">'
        "<bdi>kuberntes &amp; foo</bdi>" in html
    )
    assert "No episode matches all words. The best match leaves out “<bdi>foo</bdi>”." in html


def test_a_correction_without_results_shows_none(client: Client, answers: dict[str, Any]) -> None:
    answers["found"] = Results("CrashLoopBackOff", corrected="crash loop")
    html = get(client, "/search?q=CrashLoopBackOff")
    assert "No results for “<bdi>CrashLoopBackOff</bdi>”." in html
    assert "We also searched for <strong><bdi>crash loop</bdi></strong>." in html
    assert "Showing results" not in html


def test_the_engine_gets_the_parameters_of_the_address(
    client: Client, answers: dict[str, Any]
) -> None:
    answers["found"] = Results("a", (Result(full_episode(1)),), 40, pages=4, page=3)
    html = get(client, "/search?q=a&sort=newest&exact=1&page=3")
    utc = ZoneInfo("UTC")
    asked = {"zone": utc, "page": 3, "newest": True, "verbatim": True}
    assert answers["asked"] == ("a", asked)
    assert 'rel="prev nofollow" href="/search?q=a&amp;sort=newest&amp;exact=1&amp;page=2"' in html
    assert 'rel="next nofollow" href="/search?q=a&amp;sort=newest&amp;exact=1&amp;page=4"' in html
    assert '<a href="/search?q=a&amp;exact=1" rel="nofollow">Best match</a>' in html
    newest = '<a href="/search?q=a&amp;sort=newest&amp;exact=1" rel="nofollow" aria-current="true">'
    assert f"{newest}Newest first" in html
    get(client, "/search?q=a&sort=oldest&exact=yes")
    asked = {"zone": utc, "page": 1, "newest": False, "verbatim": False}
    assert answers["asked"] == ("a", asked)


@pytest.mark.parametrize(
    ("query", "is_said"), [("stack:django docker", True), ("stack:django year:2020", False)]
)
def test_a_result_without_moments_explains_its_match(
    client: Client, answers: dict[str, Any], query: str, is_said: bool
) -> None:
    chip = Restriction("with django", "docker")
    answers["found"] = Results(query, (Result(full_episode(37)),), 1, chips=(chip,))
    html = get(client, f"/search?q={query}")
    assert ("matches its title, guests or stack" in html) is is_said


def test_chips_remove_their_part_of_the_query(client: Client, answers: dict[str, Any]) -> None:
    chips = (
        Restriction("with django", "tips"),
        Restriction("with gleam", "stack:django tips", is_known=False),
    )
    answers["found"] = Results("stack:django stack:gleam tips", chips=chips)
    html = get(client, "/search?q=stack:django+stack:gleam+tips&sort=newest")
    assert (
        '<a href="/search?q=tips&amp;sort=newest" aria-label="Remove with django" rel="nofollow">'
        in html
    )
    assert 'aria-label="Remove with gleam, which is unknown"' in html
    assert "Remove a filter" in html
    assert "Nobody has told us" not in html


def test_an_unknown_filter_gets_suggestions(client: Client) -> None:
    catalogue(1)
    response = client.get("/search?q=stack:djagno+guest:%22anne+other%22+recap")
    assert [each.label for each in response.context["suggestions"]] == ["Django", "Ann Other"]


def test_direct_hits_come_first(client: Client, answers: dict[str, Any]) -> None:
    direct = (DirectHit("technology", "Django", "/stack/django"),)
    answers["found"] = Results("django", (Result(full_episode(1)),), 1, direct=direct)
    html = get(client, "/search?q=django")
    label = f"<small>technology</small> {icon('Django')}<bdi>Django</bdi>"
    hit = f'<a href="/stack/django">{label}</a>'
    assert hit in html
    assert html.index(hit) < html.index("Episode 1")


def test_a_search_without_results_invites_guests(client: Client) -> None:
    catalogue(1)
    html = get(client, "/search?q=Gleam")
    assert "No results for “<bdi>Gleam</bdi>”." in html
    assert "Nobody has told us about <bdi>Gleam</bdi> yet. Do you run it?" in html
    link = '<a class="button" href="mailto:host@example.org" rel="noopener">Become a guest</a>'
    assert link in html
    assert "Nobody has told us" not in get(client, "/search?q=django")
    CallToAction.objects.all().delete()
    assert "Nobody has told us" not in get(client, "/search?q=Gleam")


@pytest.mark.parametrize("query", ["or", "whose"])
def test_stop_words_invite_nobody(client: Client, query: str) -> None:
    catalogue(1)
    html = get(client, f"/search?q={query}")
    assert "No results" in html
    assert "Nobody has told us" not in html


@pytest.mark.parametrize(
    ("query", "is_counted"),
    [
        ("gleam", True),
        ("gleam&exact=1", False),
        ("djagno&exact=1", False),
        ("stack:gleam", False),
        ("stack:django+gleam", False),
        ("recap+-recap", False),
        ('"recap+gleam"', False),
        ("or", False),
    ],
)
def test_zero_result_queries_are_counted(
    client: Client, monkeypatch: pytest.MonkeyPatch, query: str, is_counted: bool
) -> None:
    catalogue(1)
    monkeypatch.setattr("pages.views.search.is_page_view", lambda request: True)
    assert "No results" in get(client, f"/search?q={query}")
    assert ZeroResultQuery.objects.exists() == is_counted


def test_ignored_words_are_listed(client: Client, answers: dict[str, Any]) -> None:
    answers["found"] = Results("a b", (Result(full_episode(1)),), 1, ignored=("b", "<c>"))
    html = get(client, "/search?q=a+b")
    assert "Ignored: “<bdi>b</bdi>”, “<bdi>&lt;c&gt;</bdi>”." in html


@pytest.mark.parametrize("query", ["", "+", "%F0%9F%8E%A7", '""', "()%26|!"])
def test_nothing_to_search_for(client: Client, query: str) -> None:
    catalogue(1)
    html = get(client, f"/search?q={query}")
    assert "No results" not in html
    assert '<a href="/search?q=Django" rel="nofollow"><bdi>Django</bdi></a>' in html
    assert '<details class="help" open>' in html


@pytest.mark.parametrize("page", ["abc", "0", "-1", "9" * 40, "2", "1000"])
def test_no_such_page(client: Client, page: str) -> None:
    catalogue(1)
    get(client, f"/search?q=recap&page={page}", 404)
    assert "error" in json.loads(get(client, f"/search.json?q=recap&page={page}", 404))


def test_pages_follow_each_other(client: Client) -> None:
    catalogue(MANY)
    first, second = (get(client, f"/search?q=recap{more}") for more in ("", "&page=2"))
    assert f"{MANY} episodes" in first
    shown = [
        number for number in range(1, MANY + 1) if f'"/podcast/{number}-episode-{number}"' in first
    ]
    assert len(shown) == PAGE
    assert all(f'"/podcast/{number}-episode-{number}"' not in second for number in shown)
    assert f'<link rel="canonical" href="{SITE}/search?q=recap&amp;page=2">' in second
    assert '<meta name="robots" content="noindex, follow">' in second
    assert "<title>Search: recap, page 2 · Running in Production</title>" in second


def test_repeated_parameters(client: Client) -> None:
    catalogue(1)
    assert 'value="recap"' in get(client, "/search?q=nothing&q=recap&page=7&page=1")


@pytest.mark.parametrize("typed", ["x" * 10_000, "recap " * 2000, "'" * 500, "\\" * 99, "😀" * 300])
def test_long_and_odd_queries(client: Client, typed: str) -> None:
    catalogue(1)
    for path in ("/search", "/search.json", "/search/suggest", "/search/suggest.json"):
        assert client.get(path, {"q": typed}).status_code == 200


def test_json_is_the_page(client: Client) -> None:
    catalogue(MANY)
    interview(3, topics=[], introduction="A recap of it.")
    response = client.get("/search.json?q=recap&page=2")
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["ETag"]
    answer = response.json()
    assert set(answer) == {"query", "count", "capped", "results"}
    assert (answer["query"], answer["count"], answer["capped"]) == ("recap", MANY + 1, False)
    on_page = client.get("/search?q=recap&page=2").context["found"].results
    assert [each["url"] for each in answer["results"]] == [
        SITE + result.episode.get_absolute_url() for result in on_page
    ]
    first = client.get("/search.json?q=recap").json()["results"][0]
    assert first["published"].endswith("T00:00:00-04:00")  # as the show's own clock has it
    assert first["moments"] == [
        {"seconds": 1526, "text": "Recap of AWS services", "url": first["url"] + "?t=1526"}
    ]
    results = [*answer["results"], *client.get("/search.json?q=recap").json()["results"]]
    (written,) = [each for each in results if "/interviews/" in each["url"]]
    assert written["moments"] == []  # nothing of it is heard


def test_an_empty_search_as_json(client: Client) -> None:
    assert client.get("/search.json").json() == {
        "query": "",
        "count": 0,
        "capped": False,
        "results": [],
    }


def test_suggestions_are_options(client: Client) -> None:
    full_episode(1, topics=[(100, "Django <or> not")], technologies=["Django"])
    html = get(client, "/search/suggest?q=dja")
    assert f'href="/stack/django" dir="auto">{icon("Django")}Django</a>' in html
    assert "<mark>Django</mark> &lt;or&gt; not" in html
    assert 'href="/podcast/1-episode-1?t=100"' in html
    assert html.count('role="option"') == 2
    assert get(client, "/search/suggest?q=d") == ""


def test_suggestions_for_the_browser(client: Client) -> None:
    full_episode(1, topics=[(100, "Django or not")], technologies=["Django"])
    response = client.get("/search/suggest.json?q=dja")
    assert response.headers["Content-Type"] == "application/x-suggestions+json"
    assert response.json() == [
        "dja",
        ["Django", "Django or not"],
        ["", ""],
        [f"{SITE}/stack/django", f"{SITE}/podcast/1-episode-1?t=100"],
    ]


def test_opensearch_describes_the_search(client: Client) -> None:
    catalogue(1)
    assert (
        '<link rel="search" type="application/opensearchdescription+xml" '
        'title="Running in Production" href="/opensearch.xml">'
    ) in get(client, "/")
    response = client.get("/opensearch.xml")
    assert response.headers["Content-Type"] == "application/opensearchdescription+xml"
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    document = ElementTree.fromstring(response.content)
    assert document.tag == space + "OpenSearchDescription"
    assert len(document.findtext(space + "ShortName") or "") <= 16  # as the specification says
    urls = {url.get("type"): url.get("template") for url in document.iter(space + "Url")}
    assert urls == {
        "text/html": f"{SITE}/search?q={{searchTerms}}",
        "application/x-suggestions+json": f"{SITE}/search/suggest.json?q={{searchTerms}}",
        "application/opensearchdescription+xml": f"{SITE}/opensearch.xml",
    }


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": Episode.Status.DRAFT},
        {"status": Episode.Status.WITHDRAWN},
        {"published_at": in_the_future()},
        {"deleted_at": datetime(2020, 1, 1, tzinfo=UTC)},
    ],
    ids=["draft", "withdrawn", "scheduled", "in the bin"],
)
def test_unpublished_episodes_are_nowhere(client: Client, hidden: dict[str, Any]) -> None:
    catalogue(1)
    full_episode(
        7,
        title="Hushhush",
        topics=[(5, "Hushhush")],
        technologies=["Hushhush"],
        guests=["Hushhush Other"],
        **hidden,
    )
    technology("Hushhush").add_names("hhush")
    for query in ("hushhush", "hhush", "hushhush other"):
        assert client.get(f"/search.json?q={query}").json()["results"] == []
        assert client.get(f"/search?q={query}").context["found"].direct == ()
    for query in ("hush", "7", "hhush"):
        assert get(client, f"/search/suggest?q={query}") == ""


def test_a_comparison_has_headings(client: Client) -> None:
    catalogue(1)
    for number in range(2, 10):
        full_episode(number, technologies=["Django"], topics=[(5, "Why Django")])
    html = get(client, "/search?q=django+vs+redis")
    assert '<h2 id="group-1">Django and Redis</h2>' in html
    assert '<h3 dir="auto"><a href="/podcast/1-episode-1">' in html
    only = '/search?q=django+-%22redis%22" rel="nofollow">All 8 episodes</a>'
    assert only in html
    assert "without “" not in html
    assert "Only Redis" in html  # the interview
    newest = get(client, "/search?q=django+vs+redis&sort=newest")
    assert "group-1" not in newest
    assert '<h2 dir="auto"><a href="/podcast/9-episode-9">' in newest


def test_a_proposal_is_a_link(client: Client, answers: dict[str, Any]) -> None:
    answers["found"] = Results("kuberentes", (Result(full_episode(1)),), 1, proposed="kubernetes")
    html = get(client, "/search?q=kuberentes&sort=newest")
    link = '<a href="/search?q=kubernetes&amp;sort=newest" rel="nofollow"><bdi>kubernetes</bdi></a>'
    assert f"Did you mean {link}?" in html


@pytest.mark.parametrize("query", ["deno", "ChatGPT", "fly.io"])
def test_what_the_directory_knows_is_no_other_name_misspelled(client: Client, query: str) -> None:
    full_episode(1, technologies=["C Sharp", "Dyno", "Flying"])
    response = client.get("/search", {"q": query})
    assert response.context["suggestions"] == []
    assert b"Nobody has told us" in response.content or not CallToAction.objects.exists()


def test_a_guest_whose_name_was_only_heard_is_found(client: Client) -> None:
    indexed("A shop", 1, guests=["Sean Smyth"])
    indexed("A draft", 2, guests=["Wilhelm Zyskind"], status=Episode.Status.DRAFT)
    html = get(client, "/search?q=Shawn+Smith")
    assert "Showing results for <strong><bdi>Sean Smyth</bdi></strong>." in html
    assert '<a href="/search?q=Shawn+Smith&amp;exact=1" rel="nofollow">' in html
    assert '<a href="/guests/sean-smyth"><small>guest</small> <bdi>Sean Smyth</bdi></a>' in html
    link = '<a href="/guests/sean-smyth">Sean Smyth</a>'
    assert link in get(client, "/search?q=guest:shawn")
    assert link in get(client, "/guests/shawn", 404)
    assert "Sean Smyth" in get(client, "/search/suggest?q=shawn")
    indexed("A hall", 3, topics=[(1, "Shawn was there")])
    html = get(client, "/search?q=Shawn")
    assert 'Did you mean <a href="/search?q=Sean" rel="nofollow"><bdi>Sean</bdi></a>?' in html
    for path, status in (("/search?q=", 200), ("/guests/", 404), ("/search/suggest?q=", 200)):
        assert "Wilhelm" not in get(client, f"{path}Vilhelm", status)


def test_a_long_search_says_that_it_was_cut(client: Client) -> None:
    assert "Your search is too long" in get(client, "/search?q=" + "database+" * 40)
    assert "too long" not in get(client, "/search?q=" + "database+" * 20)


def test_the_search_without_quotes_is_offered(client: Client) -> None:
    indexed("Ours", 1, topics=[(1, "Zero down time deploys")])
    html = get(client, '/search?q="time+deploys+zero"')
    assert (
        'Search without quotes for <a href="/search?q=time+deploys+zero" rel="nofollow">'
        "<bdi>time deploys zero</bdi></a></p>" in html
    )


def test_a_link_skips_the_facets(client: Client) -> None:
    catalogue(3)
    html = get(client, "/search?q=aws")
    assert html.index('href="#results"') < html.index('class="side facets"')
    assert '<div class="body" id="results" tabindex="-1">' in html


def test_more_moments_lead_to_the_topics(client: Client, answers: dict[str, Any]) -> None:
    row = full_episode(37)
    following = MatchingMoment(100, "a", "a", "topic")  # type: ignore[arg-type]
    result = Result(row, (following,), more=2, next_moment=following)
    answers["found"] = Results("aws", (result,), 1)
    assert '?t=100#topics">2 more in this episode' in get(client, "/search?q=aws")


def test_who_runs_something_unknown_is_asked_only_for_technologies(client: Client) -> None:
    catalogue(1)
    html = get(client, "/search?q=asdfghjkl")
    assert "Nobody has told us about <bdi>asdfghjkl</bdi> yet.</p>" in html
    assert "Do you run it?" not in html


def test_nothing_is_meant_by_what_only_excludes_too_much(client: Client) -> None:
    indexed("A", 1, technologies=["Django", "PostgreSQL"])
    html = get(client, "/search?q=django+-postgresql")
    assert "No results for “<bdi>django -postgresql</bdi>”." in html
    assert "Did you mean" not in html
    assert "Remove the filter to find more." in html
    assert "<small>technology</small>" in html


@pytest.mark.parametrize("path", ["/guests/-", "/guests/%C3%97", "/search?q=guest:-+a"])
def test_a_name_without_letters_is_near_no_other(client: Client, path: str) -> None:
    assert client.get(path).status_code in {200, 404}
