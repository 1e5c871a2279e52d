"""`./run sbom` writes a CycloneDX document of what requirements.txt pins."""

import json
import re
from pathlib import Path

import pytest

from deploy.local.environment import ROOT
from deploy.release import sbom
from podcast.version import VERSION


@pytest.mark.slow
def test_the_document_is_valid_and_has_each_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("cyclonedx_py", reason="./run sbom installs it")
    validation = pytest.importorskip("cyclonedx.validation.json")
    schema = pytest.importorskip("cyclonedx.schema")
    monkeypatch.chdir(ROOT)
    assert sbom.main(f"{tmp_path}/new/sbom.json") == 0
    text = (tmp_path / "new/sbom.json").read_text()
    document = json.loads(text)
    version = schema.SchemaVersion.from_version(document["specVersion"])
    assert validation.JsonStrictValidator(version).validate_str(text) is None
    assert document["metadata"]["component"]["version"] == VERSION
    pins = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    components = {(each["name"], each["version"]): each for each in document["components"]}
    assert sorted(components) == sorted(pins)
    (django,) = [each for (name, _), each in components.items() if name == "django"]
    assert django["purl"] == f"pkg:pypi/django@{django['version']}"
    assert django["licenses"] == [{"license": {"name": "BSD-3-Clause"}}]
    assert django["externalReferences"][0]["hashes"]
