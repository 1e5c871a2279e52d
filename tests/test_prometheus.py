"""Alert rules and dashboard ask for metrics that the site has."""

import json
import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml
from django.test import Client

from episodes.tests.factories import show
from tests.production import ROOT

FOLDER = ROOT / "deploy/prometheus"
TOKEN = "a-long-token"
RULES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"][0][
    "rules"
]
DASHBOARD = json.loads((FOLDER / "dashboard.json").read_text())
NAME = re.compile(r"podcast_\w+")


@pytest.fixture
def names(client: Client, db: None, settings: Any) -> set[str]:
    """The metrics of the site."""
    settings.METRICS_TOKEN = TOKEN
    show()
    client.get("/podcast/")
    text = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    return {line.split("{")[0].split()[0] for line in text.splitlines() if line[0] != "#"}


def test_alerts_ask_for_metrics_that_exist(names: set[str]):
    asked = {name for rule in RULES for name in NAME.findall(rule["expr"])}
    assert asked <= names
    assert all(rule["annotations"].keys() == {"summary", "remedy"} for rule in RULES)


def test_the_dashboard_asks_for_metrics_that_exist(names: set[str]):
    targets = [target for panel in DASHBOARD["panels"] for target in panel["targets"]]
    asked = {name for target in targets for name in NAME.findall(target["expr"])}
    assert asked <= names


def test_the_docs_name_every_metric(names: set[str]):
    docs = (ROOT / "docs/watching.md").read_text()
    own = {name for name in names if name.startswith("podcast_")}
    assert {name for name in own if not name.startswith("podcast_request")} <= set(
        NAME.findall(docs)
    )


@pytest.mark.parametrize(
    "arguments", [["check", "rules", "alerts.yml"], ["test", "rules", "alerts_test.yml"]]
)
def test_promtool_agrees(arguments: list[str]):
    """Every rule fires when it should, and none on a healthy site."""
    promtool = shutil.which("promtool")
    if not promtool:
        pytest.skip("promtool isn't here (Debian: apt-get install prometheus)")
    ran = subprocess.run(
        [promtool, *arguments], cwd=FOLDER, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
