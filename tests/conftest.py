import pytest

from tests.production import python


@pytest.fixture(scope="session")
def collected(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder of the static files as production serves them."""
    folder = str(tmp_path_factory.mktemp("static"))
    done = python("manage.py", "collectstatic", "--noinput", STATIC_ROOT=folder)
    assert done.returncode == 0, done.stderr
    return folder
