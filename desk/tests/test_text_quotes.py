"""The moment that an episode's texts quote: which one is proposed, and its addresses."""

import pytest
from django.test import Client

from desk.models import Outlet, TextTemplate
from desk.texts.quote import chosen_quote, proposed_quote, quotable_topics
from desk.texts.said import said_at
from desk.texts.values import Material, placeholder_values
from episodes.fetch import fetch_episode
from episodes.models import NOT_DELETED, Episode
from episodes.tests import factories
from guests.models import Guest
from search.models import Question
from show.models import Highlight, Show
from topics.models import Cue, Transcript

TOPICS = [
    (0, "Welcome to the show, everybody"),
    (61, "Next steps"),
    (100, "How the app is broken down"),
    (400, "Setting up the EC2 servers by hand"),
    (500, "Best tips (Ann)? Keep your tests easy"),
    (700, "A topic past the end of the recording"),
]


@pytest.fixture
def episode(db, settings) -> Episode:
    settings.SITE_URL = "https://show.example"
    factories.show()
    row = factories.episode(
        "Ships", 9, slug="9-ships", topics=TOPICS, guests=["Phil Gyford", "Ann Other"], seconds=600
    )
    return fetched(row)


def fetched(row: Episode) -> Episode:
    found: Episode = fetch_episode(NOT_DELETED, id=row.pk)
    return found


def proposed(episode: Episode) -> tuple[int, str]:
    quote = proposed_quote(episode, Show.objects.current())
    assert quote
    return quote.moment.seconds, quote.reason


def test_the_longest_topic_is_proposed(episode: Episode):
    assert proposed(episode) == (100, "no topic is talked about longer")


def test_an_answer_to_the_first_answered_question_comes_before_it(episode: Episode):
    Question.objects.create(title="Costs", slug="costs", query="expensive", position=0)
    Question.objects.create(title="Best tips", slug="tips", query='"best tips"', position=1)
    Question.objects.create(title="Servers", slug="servers", query="server", position=2)
    assert proposed(episode) == (500, "it answers “Best tips”")


def test_a_question_with_a_filter_is_not_asked(episode: Episode):
    Question.objects.create(title="His", slug="his", query="servers guest:phil-gyford", position=0)
    assert proposed(episode) == (100, "no topic is talked about longer")


def test_a_highlight_comes_before_both(episode: Episode):
    Question.objects.create(title="Best tips", slug="tips", query='"best tips"', position=1)
    Highlight.objects.create(path="/podcast/8-other?t=100", position=0)
    Highlight.objects.create(path="/podcast/9-ships", position=1)
    Highlight.objects.create(path="/podcast/9-ships?t=450", position=2)
    assert proposed(episode)[1] == "it is one of your highlights"
    quote = proposed_quote(episode, Show.objects.current())
    assert quote and quote.words == "Setting up the EC2 servers by hand"


@pytest.mark.parametrize(
    ("topics", "expected"),
    [([(5, "Hello")], 5), ([(5, "Hello"), (9, "Why they chose it all")], 9)],
)
def test_any_topic_is_better_than_none(db, topics: list[tuple[int, str]], expected: int):
    factories.show()
    assert proposed(fetched(factories.episode(topics=topics, seconds=None)))[0] == expected


def test_without_topics_and_in_interviews_nothing_is_quoted(db):
    factories.show()
    for row in (
        factories.episode(topics=[]),
        factories.episode("In writing", 2, kind="interview", slug="2-w", seconds=None),
    ):
        assert proposed_quote(fetched(row), Show.objects.current()) is None
        values = placeholder_values(Material(fetched(row), Show.objects.current()), Outlet.OTHER)
        assert [values[name] for name in values if name.startswith(("quote", "clip"))] == [""] * 6


def test_a_topic_past_the_end_is_not_quotable(episode: Episode):
    assert [topic.seconds for topic in quotable_topics(episode)] == [0, 61, 100, 400, 500]


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("100", (100, "How the app is broken down")),
        ("1:40", (100, "How the app is broken down")),
        ("110", (110, "How the app is broken down")),
        ("700", None),
        ("", None),
        ("x", None),
        ("9" * 40, None),
        ("\0", None),
    ],
)
def test_the_host_chooses_a_time(episode: Episode, time: str, expected: tuple[int, str] | None):
    quote = chosen_quote(episode, time)
    assert (quote and (quote.moment.seconds, quote.words)) == expected


def test_its_addresses(episode: Episode):
    material = Material(episode, Show.objects.current(), chosen_quote(episode, "500"))
    values = placeholder_values(material, Outlet.OTHER)
    assert values["quote"] == "Best tips (Ann)? Keep your tests easy"
    assert values["quote_by"] == "Ann Other"
    assert values["quote_time"] == "8:20"
    assert values["quote_url"] == "https://show.example/podcast/9-ships?t=500"
    assert values["clip_url"] == "https://show.example/podcast/9-ships?t=500,600"
    assert values["short_url"] == "https://show.example/9"
    assert values["quote_short_url"] == "https://show.example/9/8:20"


def test_a_clip_of_the_hosts_own(episode: Episode):
    material = Material(episode, Show.objects.current(), chosen_quote(episode, "6:45,7:00"))
    values = placeholder_values(material, Outlet.OTHER)
    assert values["quote"] == "Setting up the EC2 servers by hand"
    assert values["quote_time"] == "6:45"
    for name in ("quote_url", "clip_url"):
        assert values[name] == "https://show.example/podcast/9-ships?t=405,420"


def test_they_lead_to_the_moment(client: Client, episode: Episode):
    material = Material(episode, Show.objects.current(), chosen_quote(episode, "400"))
    values = placeholder_values(material, Outlet.OTHER)
    for name in ("url", "short_url", "quote_url", "quote_short_url", "clip_url"):
        response = client.get(values[name].removeprefix("https://show.example"), follow=True)
        assert response.status_code == 200
        page = response.content.decode()
        at = "/podcast/9-ships?t=400" if name.startswith("quote") else "/podcast/9-ships"
        assert f'property="og:url" content="https://show.example{at}' in page


def test_the_page_quotes_the_chosen_topic(host: Client, episode: Episode):
    address = f"/admin/episodes/episode/{episode.pk}/texts"
    TextTemplate.objects.create(name="Own", text="{quote_time} {quote} {quote_url}", position=99)
    page = host.get(address).content.decode()
    assert "Proposed because no topic is talked about longer." in page
    assert '<option value="100" selected>1:40 How the app is broken down</option>' in page
    page = host.get(f"{address}?t=400").content.decode()
    assert "You chose it." in page
    assert "6:40 Setting up the EC2 servers by hand https://show.example/podcast/9-ships?t=400" in (
        page.replace("\n", " ")
    )
    for time in ("700", "soon"):
        page = host.get(address, {"t": time}).content.decode()
        assert "There is no topic at the time that this address names." in page


def test_the_card_of_the_moment_is_there_once_it_is_public(host: Client, episode: Episode):
    address = f"/admin/episodes/episode/{episode.pk}/texts?t=400"
    page = host.get(address).content.decode()
    card = page.split('<img src="/cards/')[1].split('"')[0]
    assert host.get(f"/cards/{card}").headers["Content-Type"] == "image/png"
    assert f'<a href="/cards/{card}" download="9-ships-400.png">Download its picture</a>' in page
    assert '<a href="/podcast/9-ships?t=400,500">Listen to it as a clip</a>' in page
    Episode.objects.update(status="draft")
    page = host.get(address).content.decode()
    assert "/cards/" not in page.split("desk-newsletter")[0]
    assert "Open in" not in page


@pytest.fixture
def transcript(episode: Episode) -> Transcript:
    phil = Guest.objects.get(name="Phil Gyford")
    row = Transcript.objects.create(episode=episode)
    said = [
        (100, "Before it. All of this is said.", None),
        (400, "We set up the <servers> by hand. It took", phil),
        (410, "us a week. Yes. And then we wrote it down.", phil),
        (500, "Keep your tests easy, I would say.", None),
    ]
    for position, (start, text, guest) in enumerate(said):
        Cue.objects.create(
            transcript=row, position=position, start=start * 1000, end=start * 1000 + 9000,
            text=text, guest=guest,
        )  # fmt: skip
    return row


def passages(episode: Episode, time: str) -> list[tuple[str, str]]:
    found = fetched(episode)
    quote = chosen_quote(found, time)
    assert quote
    return [(each.speaker, each.text) for each in said_at(found, quote.moment)]


def test_the_transcript_has_words_to_quote(episode: Episode, transcript: Transcript):
    said = "We set up the <servers> by hand. It took us a week. Yes. And then we wrote it down."
    assert passages(episode, "400") == passages(episode, "450") == [("Phil Gyford", said)]
    assert passages(episode, "500") == [("", "Keep your tests easy, I would say.")]
    assert passages(episode, "61") == []
    Cue.objects.filter(start=400_000).update(text="A sentence of some length, repeated. " * 20)
    shown = [text for _, text in passages(episode, "400")]
    assert len(shown) == 5
    assert all(text.endswith(".") and len(text) <= 300 for text in shown)
    Cue.objects.filter(start=400_000).update(text="a word without an end " * 30 + ".")
    assert passages(episode, "400") == [
        ("Phil Gyford", "us a week. Yes. And then we wrote it down.")
    ]


def test_other_words_are_quoted(host: Client, episode: Episode, transcript: Transcript):
    TextTemplate.objects.create(name="Own", text="{quote} {quote_by} {quote_url}", position=99)
    address = f"/admin/episodes/episode/{episode.pk}/texts"
    page = host.get(f"{address}?t=400").content.decode()
    assert "A machine made this transcript" in page
    link = page.split('</q> Phil Gyford <a href="')[1].split('"')[0].replace("&amp;", "&")
    page = host.get(address + link).content.decode()
    assert (
        "“We set up the &lt;servers&gt; by hand. It took us a week. Yes. And then we wrote it "
        "down.” Phil Gyford https://show.example/podcast/9-ships?t=400"
    ) in page.replace("\n", " ")
    assert "words%3D" in page.split("Edit the template")[0].rsplit("href", 1)[1]
    page = host.get(address, {"t": "400", "words": " Mine \n {title} "}).content.decode()
    assert "Mine {title} Phil" in page
    page = host.get(address, {"t": "400", "words": "word " * 300}).content.decode()
    assert "word word…" in page
    Transcript.objects.update(reviewed=True)
    assert "A machine" not in host.get(f"{address}?t=400").content.decode()
