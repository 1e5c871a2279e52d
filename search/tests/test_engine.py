"""What a search finds: words, names, synonyms, corrections, filters."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from episodes.models import Episode
from episodes.tests.factories import guest, technology
from search.engine import PAGE, search
from search.index import refresh
from search.models import Question, SynonymGroup
from search.tests.factories import indexed
from stack.models import Library
from topics.models import Cue, Transcript

pytestmark = pytest.mark.django_db


def titles(query: str, **how: Any) -> list[str]:
    return [result.episode.title for result in search(query, **how).results]


@pytest.fixture
def rows() -> None:
    indexed(
        "Diary Entries",
        1,
        technologies=["Django", "Kubernetes"],
        guests=["Phil Gyford"],
        topics=[
            (60, "Motivation for Django"),
            (90, "Deploying the containers with full-text search"),
            (120, "A dead man's snitch watches the cron jobs"),
        ],
        introduction_html="<p>A site about Samuel Pepys &amp; his time.</p>",
    )
    indexed(
        "Toilet Paper",
        2,
        technologies=["Flask"],
        topics=[
            (30, "Using C++ for speed"),
            (40, "The front-end is Node.js"),
            (50, "WebSockets in a café on ASP.NET"),
        ],
    )
    technology("Kubernetes").add_names("k8s")


@pytest.mark.parametrize(
    "query",
    [
        "diary",
        "django",
        "k8s",
        "K8S",
        "gyford",
        "pepys",
        "deploy container",
        "phil's motivations",
        "fulltext",
        "full-text",
        "dead mans snitch cron",
        "who runs django and why",
        "kuberntes",
        "djnago",
        "motiv",
    ],
)
def test_the_diary_is_found(rows: None, query: str) -> None:
    assert titles(query) == ["Diary Entries"]


@pytest.mark.parametrize(
    "query",
    [
        "c++",
        "node.js",
        "nodejs",
        "web sockets",
        "websocket",
        "cafe",
        ".net",
        "asp.net",
        "front end",
    ],
)
def test_symbols_compounds_and_accents(rows: None, query: str) -> None:
    assert titles(query) == ["Toilet Paper"]


def test_who_runs_it_asks_for_no_running(rows: None) -> None:
    """Each episode of a show such as “Running in Production” says “running”."""
    text = "<p>In this episode of Running in Production we talk about Redis.</p>"
    indexed("Kitchen", 3, topics=[(30, "Redis as a cache")], introduction_html=text)
    text = "<p>Another of Running in Production.</p>"
    indexed("Garden", 4, topics=[(30, "MySQL")], introduction_html=text)
    found = search("who runs redis")
    assert [each.episode.title for each in found.results] == ["Kitchen"]
    assert found.results[0].moments[0].text == "Redis as a cache"
    assert {"Kitchen", "Garden"} <= set(titles("running"))


def test_a_correction_is_reported_and_can_be_undone(rows: None) -> None:
    found = search("kuberntes diary")
    assert found.corrected == "kubernetes diary"
    assert search("kuberntes", verbatim=True).count == 0
    assert search("kubernetes").corrected == ""


def test_the_corrected_query_is_shown_in_full(rows: None) -> None:
    def instead(query: str) -> str:
        return search(query).corrected

    assert instead("Docker -djnago Djnago") == "Docker -djnago django"
    assert instead('"djnago days" djnago') == '"djnago days" django'
    assert instead("stack:djnago") == instead('"djnago"') == ""
    assert instead("kubérntes") == "kubernetes"
    assert instead("djnago-kubérntes") == "django-kubernetes"


def test_a_correct_english_word_is_corrected_only_if_nothing_else_matches(rows: None) -> None:
    indexed("Stacks", 3, topics=[(1, "Stacks of paper")])
    found = search("django stocks")
    assert (found.corrected, found.dropped) == ("", ("stocks",))
    assert search("djnago stocks").corrected == "django stocks"
    assert search("stocks").corrected == ""  # “taxes” isn't “takes”


def test_alternatives_are_corrected_too(rows: None) -> None:
    found = search("kuberntes or falsk")
    assert found.corrected == "kubernetes or flask"
    assert {result.episode.title for result in found.results} == {"Diary Entries", "Toilet Paper"}
    assert search("k8s or falsk").corrected == "k8s or flask"


def test_a_corrected_name_counts_as_the_name(rows: None) -> None:
    indexed("Orchestra", 3, topics=[(1, "We like K8s")])
    indexed("Rails", 4, technologies=["Ruby on Rails"])
    assert set(titles("kuberntes")) == set(titles("kubernetes")) == {"Diary Entries", "Orchestra"}
    assert search("kuberntes").direct == search("k8s").direct
    assert [each.label for each in search("ruby on rials").direct] == ["Ruby on Rails"]
    technology("Ruby on Rails").add_names("Railroad")
    assert titles("railroda") == ["Rails"]


def test_a_line_that_answers_beats_a_page_of_prose() -> None:
    prose = " ".join(f"word{number}" for number in range(150))
    indexed("A page", 2, summary=f"How we deploy and {prose} roll back.")
    indexed("A line", 1, topics=[(9, "How we deploy and roll back")])
    assert titles("deploy roll back") == ["A line", "A page"]


def test_a_topic_beats_an_hour_of_speech_that_holds_the_words() -> None:
    spoken = indexed("Spoken", 2)
    transcript = Transcript.objects.create(episode=spoken)
    text = "So we deploy and we deploy and roll back"
    Cue.objects.create(transcript=transcript, position=0, start=0, end=9000, text=text)
    refresh([spoken.pk])
    indexed("Noted", 1, topics=[(9, "How we deploy"), (60, "Rolling back")])
    assert titles("deploy roll back") == ["Noted", "Spoken"]


def test_words_in_one_passage_beat_scattered_words() -> None:
    indexed("Scattered", 2, topics=[(1, "Moving house"), (2, "Kubernetes again"), (3, "Off")])
    older = datetime(2019, 1, 1, tzinfo=UTC)
    indexed("Met", 1, topics=[(1, "Moving off Kubernetes"), (2, "Off")], published_at=older)
    assert titles("moved off kubernetes") == ["Met", "Scattered"]


def test_titles_and_names_weigh_more_than_topics() -> None:
    indexed("A Site", 1, topics=[(1, "A word on Redis")])
    indexed("Redis at Scale", 2, published_at=datetime(2019, 1, 1, tzinfo=UTC))
    assert titles("redis") == ["Redis at Scale", "A Site"]


def test_newer_episodes_win_ties_and_results_can_be_sorted_by_date() -> None:
    for number, year in ((1, 2019), (2, 2021), (3, 2020)):
        indexed(f"From {year}", number, topics=[(1, "Redis")], published_at=_in(year))
    indexed("Redis", 4, published_at=_in(2018))
    assert titles("redis") == ["Redis", "From 2021", "From 2020", "From 2019"]
    assert titles("redis", newest=True) == ["From 2021", "From 2020", "From 2019", "Redis"]


def test_missing_words_are_reported(rows: None) -> None:
    found = search("django motivation zebra")
    assert found.dropped == ("zebra",)
    assert found.results[0].missing == ("zebra",)
    assert search("django motivation").dropped == ()


def test_concepts_that_no_episode_holds_together_are_dropped(rows: None) -> None:
    """Episodes hold containers and cron, but not “containers cron”: only ranking finds out."""
    SynonymGroup.objects.create(words="newbie, containers cron")
    for number in range(3, 8):
        indexed(f"Other {number}", number, technologies=["Flask"], topics=[(1, "Motivation")])
    found = search("motivation for a newbie")
    assert (found.count, found.dropped) == (6, ("newbie",))
    assert search("motivation for a newbie", newest=True).count == 6
    assert not search("motivation for a newbie", page=2).results
    assert not search("newbie").results
    assert not search('motivation "a newbie"').results  # a quoted phrase is never dropped
    found = search("motivation snitch stack:flask")  # only an episode outside the filter has it
    assert (found.count, found.dropped) == (5, ("snitch",))
    assert not search("motivation snitch", page=2).results


def test_a_correction_that_is_dropped_is_reported(rows: None) -> None:
    found = search("motivation falsk")
    assert (found.corrected, found.dropped) == ("motivation flask", ("flask",))


def test_synonyms_score_less_and_are_reported() -> None:
    SynonymGroup.objects.create(words="outage, downtime, went down")
    older = datetime(2019, 1, 1, tzinfo=UTC)
    indexed("In other words", 2, topics=[(7, "When it went down")])
    indexed("As asked", 1, topics=[(9, "An outage of a day")], published_at=older)
    found = search("outages")
    assert [result.episode.title for result in found.results] == ["As asked", "In other words"]
    assert [result.synonyms for result in found.results] == [(), ("went down",)]
    assert "<mark>went down</mark>" in found.results[1].moments[0].highlighted
    assert titles("outage -downtime") == ["As asked", "In other words"]


def test_no_phrase_spans_an_or_or_quotes(rows: None) -> None:
    SynonymGroup.objects.create(words="outage, went down")
    SynonymGroup.objects.create(words="full-text, cron jobs")
    indexed("It rained", 3, topics=[(1, "An outage")])
    assert titles("went down") == ["It rained"]
    for query in ("went or down", 'went "down"', '"went" down'):
        assert titles(query) == []
    indexed("By car", 4, topics=[(1, "A cupholder")])
    assert titles("cup holder") == ["By car"]
    for query in ("cup or holder", 'cup "holder"', '"cup" holder'):
        assert titles(query, verbatim=True) == []


def test_quotes_exclusions_and_or(rows: None) -> None:
    assert titles('"the cron jobs"') == ["Diary Entries"]
    assert titles('"cron the jobs"') == []
    assert titles('"django deploying"') == []  # one topic ends, the next begins
    assert titles("motivation -django") == []
    assert titles("-django") == ["Toilet Paper"]
    assert titles('diary -redis -celery -"on call"') == ["Diary Entries"]
    assert titles("flask or django", newest=True) == titles("django or flask", newest=True)
    assert len(titles("flask or django")) == 2
    for query in ("flask or the django", "flask or – django", "flask or is the django"):
        assert search(query).results[0].missing == ()


def test_filters(rows: None) -> None:
    assert titles("stack:flask") == ["Toilet Paper"]
    assert titles("stack:k8s -stack:flask") == ["Diary Entries"]
    assert titles('guest:"phil gyford" year:2020') == ["Diary Entries"]
    assert titles("guest:gyford year:2021") == []
    assert titles("-guest:gyford year:2020") == ["Toilet Paper"]
    indexed("Draft", 9, technologies=["Quux DB"], guests=["Zelda Hidden"], status="draft")
    for hidden, invented in (("stack:quuxdb", "stack:nope"), ("guest:zel", "guest:nobody")):
        chips = [[chip.is_known for chip in search(q).chips] for q in (hidden, invented)]
        assert chips == [[False], [False]]
    unknown = search("stack:nope django")
    assert [(chip.query, chip.is_known) for chip in unknown.chips] == [("django", False)]
    assert unknown.count == 0


def test_chips_lead_back(rows: None) -> None:
    found = search('stack:django "cron jobs" -redis year:2020')
    assert [chip.query for chip in found.chips] == [
        '"cron jobs" -redis year:2020',
        "stack:django -redis year:2020",
        'stack:django "cron jobs" year:2020',
        'stack:django "cron jobs" -redis',
    ]


def test_transcripts_are_searched() -> None:
    row = indexed("Diary", 1)
    transcript = Transcript.objects.create(episode=row)
    texts = ["So we used to run it on", "a pair of raspberry pies, and then", "we gave up." * 60]
    for position, text in enumerate(texts):
        start = 1000 * (10 + position)
        Cue.objects.create(
            transcript=transcript, position=position, start=start, end=start + 900, text=text
        )
    refresh([row.pk])
    (result,) = search("raspberry pie").results
    assert (result.moments[0].seconds, result.moments[0].source) == (10, "cue")
    assert titles("has:transcript raspberry") == ["Diary"]
    assert titles('"on a pair of raspberry"') == ["Diary"]
    assert titles("pair -raspberry") == titles('pair -"of raspberry"') == []
    assert titles('pair -"raspberry of"') == ["Diary"]


def test_named_technologies_guests_and_episodes_are_direct_hits(rows: None) -> None:
    def direct(query: str) -> list[tuple[str, str]]:
        return [(each.kind, each.path) for each in search(query).direct]

    assert direct("k8s") == [("technology", "/stack/kubernetes")]
    assert direct("phil gyford django") == [
        ("guest", "/guests/phil-gyford"),
        ("technology", "/stack/django"),
    ]
    episode = Episode.objects.get(number=2)
    for query in ("2", "#2", "ep 2", "episode 2"):
        assert direct(query) == [("episode", episode.get_absolute_url())]
    guest("Nobody Yet")
    technology("Rocket")
    assert direct("nobody yet rocket") == []


def test_the_best_moments_are_shown_and_the_others_counted() -> None:
    topics = [(second, "Docker again") for second in range(8)] + [(99, "Docker and Redis")]
    indexed("A", 1, topics=topics)
    (result,) = search("docker").results
    assert (len(result.moments), result.more) == (3, 6)
    (result,) = search("docker redis").results
    assert result.moments[0].seconds == 99


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": Episode.Status.DRAFT},
        {"status": Episode.Status.WITHDRAWN},
        {"published_at": datetime(2999, 1, 1, tzinfo=UTC)},
    ],
)
def test_only_published_episodes_are_found(hidden: dict) -> None:
    indexed("Secret Sauce", 1, topics=[(1, "Secret")], technologies=["Hush"], **hidden)
    for query in ("secret", "secr", "secrte", "stack:hush", "1"):
        found = search(query)
        assert (found.count, found.direct) == (0, ())


@pytest.mark.parametrize("query", ["", "  \t ", "🙂", "- -- |", '"" " "', "\0", "_", "::", "((("])
def test_an_empty_query_asks_the_database_nothing(query: str, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert search(query).is_empty


@pytest.mark.parametrize("query", ["it", "who is it", "the", "or", "-nothing django", "stack:"])
def test_stop_words_count_if_there_is_nothing_else(rows: None, query: str) -> None:
    assert not search(query).is_empty


def test_labels_are_as_typed(rows: None) -> None:
    assert search("100% Djangó Zebraqq’s").dropped == ("100", "%", "Zebraqq’s")


def test_ignored_words_are_reported() -> None:
    words = [f"word{letter}" for letter in "abcdefghijklmnopqr"]
    indexed("A", 1, topics=[(1, " ".join(words))])
    assert search(" ".join(words[:16])).ignored == ()
    found = search(" ".join([*words, words[-1]]))
    assert (found.ignored, found.dropped, found.count) == (("wordq", "wordr"), (), 1)


def test_repeated_words_count_once(rows: None) -> None:
    found = search("django " * 20 + "motivation")
    assert (found.ignored, found.dropped, found.count) == ((), (), 1)
    assert search("django " * 20).results[0].missing == ()


def test_long_queries_are_cut() -> None:
    assert len(search("x" * 5000).query) == 200


def test_pages_and_counts() -> None:
    for number in range(PAGE + 2):
        indexed(f"Docker {number}", number)
    first, second = search("docker"), search("docker", page=2)
    assert (first.count, first.pages, first.capped) == (PAGE + 2, 2, False)
    assert len(second.results) == 2
    shown = {result.episode.pk for result in (*first.results, *second.results)}
    assert len(shown) == PAGE + 2


@pytest.mark.parametrize("count", [3, 12])
def test_queries_stay_constant(django_assert_num_queries, count: int) -> None:
    for number in range(count):
        indexed("Docker", number, technologies=["Go"], guests=["Ann"], topics=[(1, "Docker")])
    with django_assert_num_queries(6):
        assert search("docker").count == count
    with django_assert_num_queries(8):
        assert search("dokcer").count == count


def test_a_word_of_every_episode_hides_no_other() -> None:
    """Every episode holds one word; the one with most of the other comes first."""
    for number in range(40):
        topics = [(9, "Redis"), (12, "Redis and Gleam" if number % 4 == 1 else "Redis")]
        indexed(f"Site {number}", number, topics=topics)
    indexed("Gleam", 99, topics=[(4, "Gleam and Gleam"), (5, "Gleam, of course"), (6, "Redis")])
    assert titles("gleam redis")[0] == "Gleam"


def test_the_newest_first_miss_no_discriminating_match() -> None:
    """Where nearly all episodes hold one word, only the other makes an episode a result."""
    for number in range(30):
        topic = "Gleam" if number == 3 else "Redis"
        indexed(f"Site {number}", number, topics=[(9, topic)])
    assert titles("gleam redis", newest=True) == ["Site 3"]


def test_filters_bind_before_anything_is_ranked() -> None:
    """Many episodes hold both words in one passage, none of them from 2018."""
    for number in range(30):
        indexed(f"Site {number}", number, topics=[(9, "Redis and Celery")])
    for number in range(30, 34):
        apart = [(9, "Redis"), (12, "Celery")]
        indexed(f"Apart {number}", number, topics=apart, published_at=_in(2018))
    found = search("redis celery year:2018")
    assert {result.episode.title for result in found.results} == {
        f"Apart {number}" for number in range(30, 34)
    }
    assert found.count == 4


def test_no_phrase_is_missed_where_others_hold_its_words_apart() -> None:
    for number in range(8):
        topic = "Pulling a green rabbit" if number == 3 else "A rabbit, not green"
        indexed(f"Site {number}", number, topics=[(9, topic)])
    for newest in (False, True):
        assert titles('"green rabbit"', newest=newest) == ["Site 3"]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.one_of(
        st.text(),
        st.lists(
            st.sampled_from(
                ["django", "dj", '"', "'", "\\", "-", "or", "|", "&", "!", ":*", "<->", "(", ")"]
                + ["stack:", "guest:x", "year:2020", "has:transcript", "\0", "%s", "%(x)s", "{0}"]
                + ["it's", "C#", ".net", "\u0301", "ﬁ", "ß", "日本", "🙂", "x" * 300]
            ),
            max_size=40,
        ).map(" ".join),
    )
)
def test_any_query_is_safe(rows: None, typed: str) -> None:
    found = search(typed)
    assert len(found.query) <= 200
    assert found.count >= len(found.results) or found.page > 1


def _in(year: int) -> datetime:
    return datetime(year, 6, 1, tzinfo=UTC)


def library_hits(query: str) -> list[str]:
    return [each.path for each in search(query).direct if each.kind == "library"]


def test_libraries_are_direct_hits() -> None:
    urls = [
        "https://github.com/celery/celery",
        "https://jquery.com",
        "https://github.com/psf/requests",
    ]
    indexed("Queues", 1, libraries=urls, topics=[(1, "Handling requests")])
    assert library_hits("celery") == library_hits("queues with Celery") == ["/libraries/celery"]
    assert library_hits("jquery") == library_hits("jquery.com") == ["/libraries/jquery"]
    Library.objects.filter(slug="jquery").update(name="jquery.com")  # as it was named once
    assert library_hits("jquery") == library_hits("jquery.com") == ["/libraries/jquery"]
    assert library_hits("requests") == ["/libraries/requests"]
    assert library_hits("handling requests") == library_hits("queues -celery") == []
    (result,) = search("celery").results
    assert [(each.source, each.text) for each in result.moments] == [("library", "celery")]


@pytest.mark.parametrize(
    ("query", "found"), [("backups", True), ("how do they make backups", True), ("redis", False)]
)
def test_saved_questions_are_direct_hits(query: str, found: bool) -> None:
    Question.objects.create(title="Making backups", slug="backups", query="backup")
    Question.objects.create(title="The who", slug="who", query="who")
    indexed("Diary", 1, topics=[(1, "Backups of Redis, made nightly")])
    direct = [(each.kind, each.label, each.path) for each in search(query).direct]
    assert direct == [("question", "Making backups", "/questions/backups")] * found


def test_libraries_of_scheduled_episodes_are_unknown() -> None:
    due = datetime(2999, 1, 1, tzinfo=UTC)
    indexed("Queues", 1, libraries=["https://github.com/celery/celery"], published_at=due)
    assert library_hits("celery") == []


def test_hits_in_text_lead_to_their_place() -> None:
    indexed(
        "Queues",
        1,
        introduction_html="<p>First.</p><p>They moved to <em>RabbitMQ</em> in a week.</p>",
        libraries=["https://github.com/celery/celery"],
        references=["https://example.org/kombu"],
        topics=[(number, "Why celery") for number in range(1, 5)],
    )

    def places(query: str) -> list[str]:
        return [each.place for result in search(query).results for each in result.moments]

    assert places("rabbitmq")[:1] == ["#:~:text=They%20moved%20to%20RabbitMQ%20in%20a%20week."]
    (result,) = search("celery").results
    assert [each.place for each in result.moments] == ["?t=1", "?t=2", "?t=3"]
    assert result.next_moment and result.next_moment.place == "?t=4"
    assert result.more == 3  # and the library, and the text by a synonym


def test_a_word_made_of_another_is_not_highlighted_for_it() -> None:
    indexed("A", 1, topics=[(1, "Hands off a handful of servers")])

    def highlighted(query: str) -> list[str]:
        (result,) = search(query).results
        return [each.highlighted for each in result.moments]

    assert highlighted("hands") == ["<mark>Hands</mark> off a handful of servers"]
    assert "<mark>handful</mark>" in highlighted("handful")[0]


@pytest.fixture
def servers() -> None:
    indexed("Nginx alone", 1, technologies=["nginx"], topics=[(1, "nginx in front")])
    indexed("Caddy alone", 2, technologies=["Caddy"], topics=[(1, "Caddy in front")])
    topics = [(1, "nginx at first"), (2, "From nginx to Caddy"), (3, "Caddy now")]
    indexed("Both", 3, technologies=["nginx", "Caddy"], topics=topics)
    indexed("Neither", 4, topics=[(1, "I'd rather have Apache instead of it, versus others")])


@pytest.mark.parametrize(
    "query",
    [
        "nginx vs caddy",
        "nginx vs. Caddy?",
        "nginx versus caddy",
        "nginx or caddy",
        "should I use nginx instead of caddy",
        "nginx rather than caddy",
    ],
)
def test_a_comparison_shows_both_and_then_each(servers: None, query: str) -> None:
    found = search(query)
    assert [(each.label, each.count) for each in found.groups] == [
        ("nginx and Caddy", 1),
        ("Only nginx", 1),
        ("Only Caddy", 1),
    ]
    assert titles(query) == ["Both", "Nginx alone", "Caddy alone"]
    assert (found.count, found.dropped) == (3, ())
    assert found.results[0].moments[0].text == "From nginx to Caddy"
    assert not any(
        word in each.highlighted
        for result in found.results
        for each in result.moments
        for word in ("<mark>at", "<mark>in", "vs")
    )


def test_the_groups_of_a_comparison_lead_to_all_of_it(servers: None) -> None:
    both, one, other = search("nginx vs caddy -apache year:2020").groups
    assert titles(both.query)[0] == "Both"
    assert titles(one.query) == ["Nginx alone"]
    assert titles(other.query) == ["Caddy alone"]
    assert 'year:"2020"' in other.query
    assert '-"apache"' in other.query


def test_what_is_no_comparison_of_two_technologies_is_searched_as_before(servers: None) -> None:
    for query in ("nginx vs nginx", "front vs caddy", "nginx or caddy in front", "nginx caddy"):
        found = search(query)
        assert found.groups == ()
        assert found.results
    assert titles("versus") == titles("rather") == ["Neither"]
    assert titles("rather caddy") == ["Caddy alone", "Both"]
    (result,) = search("caddy vs front NOT nginx").results
    assert result.missing == ()
    assert "vs" not in result.moments[0].highlighted


@pytest.mark.parametrize(
    "query", ["nginx vs", "nginx versus", "nginx instead of", "nginx or", "nginx AND"]
)
def test_what_is_not_yet_typed_changes_nothing(servers: None, query: str) -> None:
    found = search(query)
    assert [each.episode.title for each in found.results] == titles("nginx")
    assert all(each.missing == () for each in found.results)
    assert found.groups == ()


def test_not_excludes(servers: None) -> None:
    assert titles("nginx NOT caddy") == titles("nginx -caddy") == ["Nginx alone"]


def test_a_comparison_takes_a_technology_that_is_only_talked_of(servers: None) -> None:
    indexed("Talk", 5, technologies=["Caddy"], topics=[(1, "Moving from HAProxy to Caddy")])
    both, _ = search("caddy vs haproxy").groups
    assert (both.label, both.count) == ("Caddy and HAProxy", 1)
    assert [each.episode.title for each in both.results] == ["Talk"]
    found = search("caddy vs traefik")
    assert (found.groups, found.dropped) == ((), ("traefik",))
    assert all(result.synonyms == () for result in found.results)


def test_a_comparison_leaves_out_no_episode_with_either(servers: None) -> None:
    for number in range(10, 14):
        text = "<p>In passing, Caddy.</p>"
        indexed("In passing", number, technologies=["Flask"], introduction_html=text)
    found, narrowed = search("nginx vs caddy"), search("nginx vs caddy stack:flask")
    assert narrowed.count == 4
    assert (found.count, [each.count for each in found.groups]) == (7, [1, 1, 5])


@pytest.mark.parametrize("query", ['kubernetes -"digital ocean"', 'kubernetes NOT "Digital Ocean"'])
def test_who_excludes_a_quoted_name_means_all_its_spellings(query: str) -> None:
    technology("DigitalOcean")
    indexed("Theirs", 1, technologies=["DigitalOcean"], topics=[(1, "Kubernetes on DigitalOcean")])
    indexed("Ours", 2, topics=[(1, "Kubernetes at home")])
    assert titles(query) == ["Ours"]


def test_a_quoted_name_that_nobody_says_so_is_linked() -> None:
    indexed("Ours", 1, technologies=["DigitalOcean"], topics=[(1, "Servers at DigitalOcean")])
    found = search('"digital ocean"')
    assert found.count == 0
    assert [each.label for each in found.direct] == ["DigitalOcean"]


@pytest.mark.parametrize(
    "query",
    ["sentry v datadog", "is sentry better than datadog", "what is better, sentry or datadog?"],
)
def test_comparisons_as_people_ask_for_them(query: str) -> None:
    indexed("Both", 1, technologies=["Sentry", "Datadog"])
    indexed("One", 2, technologies=["Sentry"], topics=[(1, "A better way")])
    assert [each.label for each in search(query).groups] == ["Sentry and Datadog", "Only Sentry"]


def test_a_synonym_in_all_episodes_counts_in_titles() -> None:
    SynonymGroup.objects.create(words="mail, email")
    indexed("Affordable email for the Congo", 1)
    for number in range(2, 14):
        indexed(f"Site {number}", number, topics=[(1, "You can email us")])
    found = search("mail in congo")
    assert found.dropped == ()
    assert found.results[0].missing == ()


def test_episodes_by_their_kind_and_number() -> None:
    indexed("Spoken", 2)
    indexed("Written", 2, kind=Episode.Kind.INTERVIEW)
    for query, title in (("interview 2", "Written"), ("podcast 2", "Spoken"), ("#2", "Spoken")):
        (hit,) = search(query).direct
        assert title in hit.label
