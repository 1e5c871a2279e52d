"""Lists in the host's own order: arrows move a row, and a new one comes last."""

from typing import Any

import pytest
from django.test import Client

from desk.models import TextTemplate
from desk.tests.forms import errors, form_data
from desk.tests.test_roles import with_permission
from episodes.tests.factories import show
from search.models import Question
from show.models import FollowLink, Highlight, Promotion

pytestmark = pytest.mark.django_db

QUESTIONS = "/admin/search/question/"


@pytest.fixture(autouse=True)
def three(db: None) -> None:
    Question.objects.all().delete()
    for name in "abc":  # as an import leaves them, all at 0
        Question.objects.create(title=name, slug=name, query=name)


def titles() -> list[str]:
    return [question.title for question in Question.objects.all()]


def move(client: Client, way: str, title: str) -> Any:
    key = Question.objects.get(title=title).pk
    return client.post(QUESTIONS, {"move": f"{way} {key}"})


def test_arrows_move_a_row(host: Client) -> None:
    page = host.get(QUESTIONS).text
    assert 'aria-label="Move c up"' in page and 'aria-label="Move a down"' in page
    answer = move(host, "up", "c")
    assert answer["Location"] == f"{QUESTIONS}#up-{Question.objects.get(title='c').pk}"
    assert titles() == ["a", "c", "b"]
    move(host, "down", "a")
    assert titles() == ["c", "a", "b"]
    for way, title in (("up", "c"), ("down", "b"), ("sideways", "a")):
        move(host, way, title)
    host.post(QUESTIONS, {"move": "up 999999"})
    assert titles() == ["c", "a", "b"]


def test_numbers_are_no_field(host: Client) -> None:
    Question.objects.filter(title="c").update(position=4)
    page = host.get(f"{QUESTIONS}add/").text
    assert '<input type="hidden" name="position" value="5"' in page
    assert 'type="number"' not in page + host.get(QUESTIONS).text
    data = form_data(host.get(f"{QUESTIONS}add/")) | {"title": "B", "slug": "z", "query": "b"}
    host.post(f"{QUESTIONS}add/", data)
    assert titles()[-1] == "B"


@pytest.mark.parametrize("model", [FollowLink, Promotion, Highlight])
def test_other_lists_have_arrows_too(host: Client, model: Any) -> None:
    show()
    name = "path" if model is Highlight else "url"
    rows = [model.objects.create(**{name: f"https://{each}.example/"}) for each in "ab"]
    address = f"/admin/show/{model._meta.model_name}/"
    host.post(address, {"move": f"down {rows[0].pk}"})
    assert list(model.objects.all()) == rows[::-1]
    assert f'id="up-{rows[0].pk}"' in host.get(address).text


def test_whoever_only_sees_the_list_moves_nothing() -> None:
    helper = with_permission("view_question")
    assert 'name="move"' not in helper.get(QUESTIONS).text
    move(helper, "up", "c")
    assert titles() == ["a", "b", "c"]


@pytest.mark.parametrize("query", ['test or "unit test', "“unit test"])
def test_an_open_quotation_is_an_error(host: Client, query: str) -> None:
    data = form_data(host.get(f"{QUESTIONS}add/")) | {"title": "B", "slug": "z", "query": query}
    assert "A quotation mark has no second one" in errors(host.post(f"{QUESTIONS}add/", data))


def test_texts_to_send_out_have_arrows_too(host: Client) -> None:
    first = TextTemplate.objects.first()
    assert first
    host.post("/admin/desk/texttemplate/", {"move": f"down {first.pk}"})
    assert list(TextTemplate.objects.all())[1] == first
    page = host.get("/admin/desk/texttemplate/add/").text
    assert f'name="position" value="{TextTemplate.objects.count()}"' in page
