import json
import logging
from pathlib import Path

import pytest
from django.http import Http404, HttpRequest

from podcast.logs import JsonFormatter
from tests.production import database_url, python

STRANGER = """
import podcast.wsgi
from django.test import Client
print(Client().get("/", headers={"host": "no host"}).status_code)
"""


def formatted(**fields) -> dict:
    record = logging.makeLogRecord({"name": "podcast", "levelname": "ERROR", **fields})
    line = JsonFormatter().format(record)
    assert "\n" not in line
    line.encode()
    return json.loads(line)


def test_an_exception_stays_on_its_line():
    try:
        _ = 1 / 0
    except ZeroDivisionError as error:
        line = formatted(
            msg="Import of %s failed", args=("café",),
            exc_info=(type(error), error, error.__traceback__), episode=37,
        )  # fmt: skip
    assert line["message"] == "Import of café failed"
    assert line["level"] == "ERROR"
    assert line["logger"] == "podcast"
    assert line["episode"] == 37
    assert line["time"].endswith("+00:00")
    assert line["exception"].splitlines()[0] == "Traceback (most recent call last):"
    assert line["exception"].splitlines()[-1] == "ZeroDivisionError: division by zero"


def test_a_request_is_logged_without_its_query():
    request = HttpRequest()
    request.path, request.method = "/search", "GET"
    request.META["QUERY_STRING"] = "q=my-illness"
    line = formatted(msg="Not Found: /search", request=request, status_code=404)
    assert (line["method"], line["path"], line["status_code"]) == ("GET", "/search", 404)
    assert "my-illness" not in json.dumps(line)


def test_secret_addresses_are_masked():
    request = HttpRequest()
    request.path, request.method = "/admin/sign-in/s3cr3t:tok_en-1", "GET"
    line = formatted(
        msg="%s is gone, look at %s", args=("/preview/s3cr3t/audio", "/admin/preview/37"),
        request=request,
    )  # fmt: skip
    assert line["path"] == "/admin/sign-in/…"
    assert line["message"] == "/preview/…/audio is gone, look at /admin/preview/37"


def test_values_without_json_or_utf8_are_logged():
    line = formatted(msg="odd \udc80 name\nsecond line", path_of=object(), many={1, 2})
    assert line["message"] == "odd \udc80 name\nsecond line"
    assert line["many"] in ("{1, 2}", "{2, 1}")


def test_a_foreign_host_header_is_logged_without_a_traceback(tmp_path: Path):
    # In a process of its own: pytest gives each logger handlers.
    ran = python("-c", STRANGER, STATIC_ROOT=str(tmp_path))
    assert ran.stdout == "400\n"
    assert [json.loads(line)["message"] for line in ran.stderr.splitlines()] == ["GET / 400"]


@pytest.mark.django_db(transaction=True)
def test_a_commands_own_requests_are_not_in_its_output(tmp_path: Path, collected: str):
    (tmp_path / "old").write_text("https://podcast.example.org/nothing")
    values = {"DATABASE_URL": database_url(), "STATIC_ROOT": collected}
    ran = python("manage.py", "check_urls", str(tmp_path / "old"), **values)
    assert ran.stdout.startswith("/nothing: 404\n1 addresses: 0 answer")
    assert ran.stderr == ""


@pytest.mark.parametrize(
    "path",
    [
        "//preview/s3cr3t", "/preview//s3cr3t", "/preview/./s3cr3t", "/preview/x/../s3cr3t",
        "/Preview/s3cr3t/audio", "/preview/\\s3cr3t", "/preview/\\\\s3cr3t",
        "//admin//sign-in//s3cr3t",
        "/preview/s3cr3t/chapters.json?t=1",
    ],
)  # fmt: skip
def test_every_spelling_of_a_secret_address_is_masked(path: str):
    request = HttpRequest()
    request.path, request.method = path, "GET"
    assert "s3cr3t" not in json.dumps(formatted(msg=f"“{path}” is gone", request=request))


@pytest.mark.parametrize(
    "path",
    [
        "/preview\\{}", "/\\preview/{}", "/%70review/{}", "/%2570review/{}", "/preview;/{}",
        "/preview%2F{}", "/preview%252F{}", "/preview/\n{}", "/preview/ {}", '/a"/preview/"{}',
        "/admin/preview/{}", "/preview{}", "/preview/x /{}", "/sign%252Din/{}", "/%5Cpreview/{}",
        "/admin/sign-in;{}", "/preview?{}", "/preview/…/{}", "/preview;/x/{}/s3cr3t",
    ],
)  # fmt: skip
def test_mistyped_secret_addresses_are_masked(path: str):
    request = HttpRequest()
    request.path, request.method = path.format("s3cr3t_0123456789-abcdef"), "GET"
    line = formatted(
        msg=f"Not Found: {request.path}", request=request, given={"a": [request.path]},
        error=Http404(request.path),
    )  # fmt: skip
    assert "s3cr3t" not in json.dumps(line)


@pytest.mark.parametrize(
    "text",
    [
        "/podcast/1-a-preview-of-things-to-come-soon", "/admin/preview/37",
        "desk/publishing/preview_links.py, line 5, in revoke_preview_link_of_an_episode",
        "No preview for /podcast/36-a-portfolio-management-platform",
    ],
)  # fmt: skip
def test_other_texts_about_previews_stay(text: str):
    line = formatted(msg=text, then="0123456789abcdef0123456789abcdef")
    assert (line["message"], line["then"]) == (text, "0123456789abcdef0123456789abcdef")
