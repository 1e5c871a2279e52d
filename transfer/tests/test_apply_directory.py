"""The directory applied to technologies that are in already."""

from io import StringIO

import pytest
from django.core.management import call_command

from episodes.tests import factories

pytestmark = pytest.mark.django_db


def test_each_change_is_printed_under_the_technologys_name() -> None:
    factories.technology("azure", slug="azure")
    factories.technology("Our own tool")
    out = StringIO()
    call_command("apply_directory", stdout=out, stderr=out)
    lines = out.getvalue().splitlines()
    assert "Azure: changed" in lines
    assert "Azure: name: azure → Azure" in lines
    assert not any(line.startswith("azure: ") for line in lines)
    assert not any("Our own tool: changed" in line for line in lines)
