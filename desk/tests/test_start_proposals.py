"""The start page: what the show lacks, and questions that many episodes answer."""

import pytest
from django.test import Client

from desk.tests.forms import form_data
from episodes.tests import factories
from search.models import Question
from search.tests.factories import indexed
from show.models import Redirect, Show

pytestmark = pytest.mark.django_db

START = "/admin/"
DISMISS = "/admin/dismiss"


def page(host: Client) -> str:
    return host.get(START).content.decode()


def test_a_new_show_lacks_nearly_everything(host: Client) -> None:
    Show.objects.all().delete()
    text = page(host)
    assert "Your show lacks" in text
    assert "A title. Apps and pages say “Our podcast”." in text
    assert 'href="/admin/show/show/add/"' in text


def test_each_line_leads_to_the_field_and_goes_once_it_is_filled_in(host: Client) -> None:
    factories.show(description="", copyright="")
    assert 'href="/admin/show/show/1/change/#id_description"' in page(host)
    Show.objects.update(description="About.")
    assert "#id_description" not in page(host)
    assert "#id_copyright" in page(host)


def test_what_is_dismissed_does_not_come_back(host: Client) -> None:
    factories.show(copyright="")
    assert "#id_copyright" in page(host)
    assert host.post(DISMISS, {"key": "copyright"}).status_code == 302
    assert "#id_copyright" not in page(host)
    assert host.post(DISMISS, {"key": "copyright"}).status_code == 302
    assert Show.objects.get().dismissed == ["copyright"]


def test_artwork_on_this_domain_that_only_the_old_site_has_is_lacking(host: Client) -> None:
    lacks = "this site has no such file: upload it"
    factories.show(artwork_url="http://testserver/assets/banner.png")
    assert lacks in page(host)
    Redirect.objects.create(old_path="/assets/banner.png", new_path="/media/show/banner.png")
    assert lacks not in page(host)
    for elsewhere in ("", "https://cdn.example/banner.png", "http://testserver/media/banner.png"):
        factories.show(artwork_url=elsewhere)
        assert lacks not in page(host)


def test_a_slip_can_be_undone_at_once(host: Client) -> None:
    factories.show(copyright="")
    answer = host.post(DISMISS, {"key": "copyright"}, follow=True).content.decode()
    message = answer.split('<ul class="messagelist">')[1].split("</ul>")[0]
    assert "Dismissed: " in message
    assert "A copyright line, at the foot of every page." in message
    assert '<button type="submit" name="restore" value="copyright"' in message
    answer = host.post(DISMISS, {"restore": "copyright"}, follow=True).content.decode()
    assert "No longer dismissed: A copyright line" in answer
    assert "#id_copyright" in answer
    assert Show.objects.get().dismissed == []


def test_what_is_dismissed_is_listed_and_can_be_proposed_again(host: Client) -> None:
    factories.show(copyright="")
    for number in range(1, 6):
        indexed(f"Site {number}", number, topics=[(60, "Best tips?")])
    assert "Dismissed (" not in page(host)
    for key in ("copyright", "question:best tips"):
        host.post(DISMISS, {"key": key}, follow=True)
    listed = page(host).split("Dismissed (2)")[1].split("</details>")[0]
    assert "A copyright line, at the foot of every page." in listed
    assert "Best tips" in listed
    assert listed.count("Propose again</button>") == 2
    host.post(DISMISS, {"restore": "question:best tips"}, follow=True)
    assert '<a href="/admin/search/question/add/?title=Best+tips' in page(host)


@pytest.mark.parametrize("key", ["", "question:", "nothing", "question:" + "x" * 300])
def test_only_what_is_proposed_can_be_dismissed(host: Client, key: str) -> None:
    factories.show()
    assert host.post(DISMISS, {"key": key}).status_code == 400
    assert host.post(DISMISS, {"restore": key}).status_code == 400
    assert Show.objects.get().dismissed == []


def test_topics_of_many_episodes_propose_a_question(host: Client) -> None:
    factories.show()
    for number in range(1, 6):
        indexed(
            f"Site {number}",
            number,
            topics=[
                (60, "Best tips? Keep it simple and test it"),
                (90, f"What about logging in {number}?"),
                (99, "It is what it is"),
            ],
        )
    indexed("Draft", 9, status="draft", topics=[(1, "Best tips?")])
    text = page(host)
    assert "Best tips" in text
    assert ", in 5 episodes" in text
    assert "It is what" not in text
    link = "/admin/search/question/add/?title=Best+tips+keep"
    assert link not in text
    form = form_data(
        host.get("/admin/search/question/add/?title=Best+tips&slug=best-tips&query=%22best+tips%22")
    )
    host.post("/admin/search/question/add/", form)
    assert Question.objects.get().query == '"best tips"'
    assert "Saved the new question" in page(host)
    assert "Best tips" not in page(host)


def test_a_question_that_a_saved_one_covers_is_no_longer_proposed(host: Client) -> None:
    factories.show()
    for number, name in enumerate(["Django", "Django", "Django", "Django", "Flask"], 1):
        indexed(f"Site {number}", number, topics=[(60, f"Motivation for using {name} and JS")])
    assert "Motivation for using</a>, in 5 episodes" in page(host)
    question = Question.objects.create(title="Why this?", slug="why", query="motivation")
    assert "Motivation for using" not in page(host)
    # A filter leaves answers out, which another question may have.
    Question.objects.filter(pk=question.pk).update(query="motivations stack:django")
    assert "Motivation for using</a>, in 5 episodes" in page(host)


def test_a_proposal_is_spelled_as_most_topics_spell_it(host: Client) -> None:
    factories.show()
    for number, topic in enumerate(["Moving to AWS", "Moving to AWS", "Moving to aws"], 1):
        indexed(f"Site {number}", number, topics=[(60, topic), (90, "API calls fail")])
    indexed("Site 4", 4, topics=[(60, "moving to AWS"), (90, "api calls fail")])
    text = page(host)
    assert "Moving to AWS</a>, in 4 episodes" in text
    assert "API calls fail</a>, in 4 episodes" in text


def test_a_dismissed_question_stays_away(host: Client) -> None:
    factories.show()
    for number in range(1, 6):
        indexed(f"Site {number}", number, topics=[(60, "Best tips?")])
    host.post(DISMISS, {"key": "question:besttips"})
    assert "Best tips" not in page(host)


def test_the_beginning_of_a_link_is_no_question(host: Client) -> None:
    factories.show()
    Question.objects.all().delete()
    for number in range(1, 5):
        indexed(f"Episode {number}", number, topics=[
            (5, "Check out https://example.org"), (9, "See docs www.example.org"),
            (20, "Deploying code? Slowly"),
        ])  # fmt: skip
    text = page(host)
    assert "Deploying code" in text
    assert "Check out http" not in text and "See docs www" not in text
