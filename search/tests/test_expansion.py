"""Query expansion: which variants a query's words get, and which they don't."""

from pathlib import Path

import pytest

from episodes.models import Episode
from episodes.tests.factories import technology
from search.engine import expand_query, search
from search.models import SynonymGroup
from search.query.english import INFLECTIONS, STOP_WORDS, inflections_of
from search.query.parse import parse_query
from search.tests.factories import indexed


def titles(query: str) -> set[str]:
    return {result.episode.title for result in search(query).results}


@pytest.mark.parametrize(
    ("word", "inflection"),
    [
        ("wrote", "write"),
        ("rewritten", "rewrite"),
        ("slower", "slow"),
        ("slowly", "slow"),
        ("notify", "notification"),
        ("organised", "organized"),
        ("analyzing", "analysing"),
    ],
)
def test_inflections_go_both_ways(word: str, inflection: str) -> None:
    assert inflection in inflections_of(word)
    assert word in inflections_of(inflection)


def test_the_file_of_inflections_is_consistent() -> None:
    path = Path(__file__).parent.parent / "query" / "inflections.txt"
    lines = [line.split() for line in path.read_text().splitlines() if not line.startswith("#")]
    assert all(len(set(line)) == len(line) > 1 for line in lines)
    assert not [line for line in lines if line[0] in STOP_WORDS]
    assert all(word not in others for word, others in INFLECTIONS.items())


@pytest.mark.django_db
def test_inflections_score_less_than_the_typed_word() -> None:
    indexed("Says slow", 1, topics=[(1, "The deploys were slow")])
    indexed("Says slower", 2, topics=[(1, "The deploys were slower")])
    indexed("Says neither", 3, topics=[(1, "The deploys were quick")])
    found = search("slower")
    assert [result.episode.title for result in found.results] == ["Says slower", "Says slow"]
    assert "<mark>slow</mark>" in found.results[1].moments[0].highlighted
    assert found.results[1].synonyms == ()  # an inflection is none


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["what's kuberntes good for", "let's scale kuberntes"])
def test_whats_and_lets_are_no_possessives(query: str) -> None:
    indexed("Containers", 1, topics=[(1, "Kubernetes is good for many"), (2, "Ways to scale")])
    assert "kubernetes" in [concept.label for concept in expand_query(parse_query(query)).concepts]


@pytest.mark.django_db
def test_names_of_technologies_get_no_synonyms() -> None:
    SynonymGroup.objects.create(words="error tracking, Sentry, Bugsnag")
    indexed("Ours", 1, technologies=["Sentry"], topics=[(1, "Sentry tells of errors")])
    indexed("Theirs", 2, technologies=["Bugsnag"], topics=[(1, "Bugsnag tells of errors")])
    assert titles("sentry") == {"Ours"}
    assert titles("error tracking") == {"Ours", "Theirs"}


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["k8s", "K8s", "cluster k8s", "cluster -docker k8s"])
def test_the_directory_knows_other_names_that_no_stack_has(query: str) -> None:
    indexed("Orchestra", 1, topics=[(1, "A Kubernetes cluster")])
    indexed("Draft", 2, technologies=["K8s"], status=Episode.Status.DRAFT)
    found = search(query)
    assert [result.episode.title for result in found.results] == ["Orchestra"]
    assert "<mark>Kubernetes" in found.results[0].moments[0].highlighted
    assert (found.direct, found.corrected, found.dropped) == ((), "", ())
    assert titles("cluster NOT k8s") == set()


@pytest.mark.django_db
def test_what_hosts_name_in_drafts_is_not_told() -> None:
    indexed("Orchestra", 1, topics=[(1, "A jonquil cluster")])
    indexed("Draft", 2, technologies=["Jonquil"], status=Episode.Status.DRAFT)
    technology("Jonquil").add_names("jq9")
    assert titles("jq9") == set()


@pytest.mark.django_db
def test_other_names_that_are_everyday_words_are_left_out() -> None:
    indexed("Words", 1, topics=[(1, "For that reason, on the fly, with node and a beam of js")])
    indexed("Names", 2, topics=[(1, "They run Fly.io, ReasonML, Node.js and Erlang")])
    for query in ("fly.io", "reasonml", "nodejs", "erlang"):
        assert titles(query) == {"Names"}


@pytest.mark.django_db
def test_a_technology_that_nobody_names_gets_no_synonyms() -> None:
    SynonymGroup.objects.create(words="reverse proxy, nginx, Caddy, HAProxy")
    indexed("Ours", 1, topics=[(1, "nginx in front of Caddy")])
    assert titles("haproxy") == set()
    assert search("caddy or haproxy").results[0].synonyms == ()
    indexed("Theirs", 2, topics=[(1, "HAProxy in front")])
    assert titles("haproxy") == {"Ours", "Theirs"}


@pytest.mark.django_db
def test_a_phrase_that_nobody_says_is_searched_by_its_words() -> None:
    SynonymGroup.objects.create(words="cheap jonquils, tulip bulbs")
    indexed("Cheaper", 1, topics=[(1, "Jonquils are cheaper")])
    indexed("Tulips", 2, topics=[(1, "A tulip without bulbs")])
    assert titles("cheap jonquils") == {"Cheaper"}
    indexed("Bulbs", 3, topics=[(1, "Cheap bulbs")])
    assert titles("cheap jonquils")


@pytest.mark.django_db
def test_words_are_not_split_after_a_stop_word() -> None:
    SynonymGroup.objects.update(active=False)  # “setup” has some
    indexed("Set up", 1, topics=[(1, "Setting out, we set up a side door")])

    def stems(query: str) -> set[tuple[str, ...]]:
        return {variant.stems for variant in expand_query(parse_query(query)).concepts[0].variants}

    assert stems("outside") == {("outsid",)}
    assert stems("setup") == {("setup",)}  # too short
    assert ("side", "door") in stems("sidedoor")


@pytest.mark.django_db
def test_compositional_phrases_stay_words() -> None:
    SynonymGroup.objects.create(words="domain name, registrar, went down")
    indexed("Domains", 1, topics=[(1, "The domain was lost")])
    indexed("Registrars", 2, topics=[(1, "The registrar was slow")])
    indexed("Names", 3, topics=[(1, "A name for the site")])
    for number in range(4, 12):
        indexed(f"Went {number}", number, topics=[(1, "We went on")])
    expanded = expand_query(parse_query("domain name"))
    assert [concept.label for concept in expanded.concepts] == ["domain", "name"]
    assert titles("domain name") >= {"Domains", "Registrars"}
    expanded = expand_query(parse_query("it went down"))
    assert [concept.label for concept in expanded.concepts] == ["went down"]


@pytest.mark.django_db
def test_the_guest_of_a_question_is_no_word_of_it() -> None:
    indexed("Preview", 1, topics=[(1, "Become a guest")])
    indexed("Shop", 2, topics=[(1, "They regret the microservices")])
    for query in ("which guest regrets microservices", "what guests regret microservices"):
        assert titles(query) == {"Shop"}
        assert [each.missing for each in search(query).results] == [()]
    assert titles("guest") == titles("which guest") == titles("which guest was it") == {"Preview"}


@pytest.mark.django_db
def test_a_technology_that_no_episode_has_is_not_its_words() -> None:
    indexed("Launch", 1, topics=[(1, "How they boot and launch it"), (2, "A dedicated server")])
    indexed("Proxy", 2, technologies=["nginx"], topics=[(1, "App engine price")])
    assert titles("spring boot") == titles("spring boot in production") == set()
    assert titles("boot") == {"Launch"}
    assert titles("engine x") == {"Proxy"}
    indexed("Rented", 3, topics=[(1, "All of it is their own hardware")])
    assert titles("dedicated servers") == {"Launch", "Rented"}  # a phrase with synonyms


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "said", "other"),
    [
        ("who got paged at night", "Opsgenie alerts them", "Each page was hacked at one night"),
        ("woken up when the site breaks", "PagerDuty tells of downtime", "A break from the site"),
        ("PR", "They merge PRs", "A process"),
        ("search engine optimisation", "Holds its own in SEO", "An optimized engine"),
        ("what would you do differently", "Looking back, less", "Servers doing different things"),
        ("how many lines of code", "Some 9,000 lines of code", "Many models"),
    ],
)
def test_synonyms_mean_the_same(query: str, said: str, other: str) -> None:
    indexed("Other", 1, topics=[(1, other)])
    indexed("Said", 2, topics=[(1, said)])
    found = search(query)
    assert found.results[0].episode.title == "Said"
    assert found.results[0].missing == ()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "said", "other"),
    [
        ("football", "A football club", "A natural fit"),
        ("APM", "With application performance monitoring", "High profile clients"),
        ("i18n", "It comes in other languages", "The local script"),
        ("donations", "He lives from donations", "They support many editors"),
        ("rates", "They rate limit calls", "What it costs"),
        ("mistakes", "A mistake of theirs", "JavaScript errors"),
        ("something is broken", "PagerDuty tells of downtime", "It is broken into services"),
        ("is the code public", "Their code is open source", "The code has a public API"),
    ],
)
def test_synonyms_find_nothing_else(query: str, said: str, other: str) -> None:
    indexed("Other", 1, topics=[(1, other)])
    indexed("Said", 2, topics=[(1, said)])
    assert titles(query) == {"Said"}


@pytest.mark.django_db
def test_an_address_does_not_speak_of_its_certificate() -> None:
    indexed("Linked", 1, topics=[(1, "Check out https://example.com")])
    indexed("Secured", 2, topics=[(1, "Their load balancer ends HTTPS")])
    indexed("Stack", 3, technologies=["SSL"])
    technology("SSL").add_names("TLS", "HTTPS")
    assert titles("TLS") == {"Secured", "Stack"}
