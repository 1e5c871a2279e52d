"""Why a command can't begin, in a sentence with the mend."""

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from environs import EnvError

PROBLEMS = (ImproperlyConfigured, EnvError, OperationalError)


def reason(error: Exception) -> str:
    """For PROBLEMS: settings that are wrong, and a database that can't be reached or refuses us.

    Raises the error if the database has refused a statement instead.
    """
    if isinstance(error, ImproperlyConfigured):
        return str(error)
    if isinstance(error, EnvError):
        return f"{error} See .env.example."
    if getattr(error.__cause__, "pgcode", None):
        raise error
    said = str(error).strip().splitlines()[0]
    return (
        f"The database doesn't answer: {said}.\n"
        "Start PostgreSQL, or correct DATABASE_URL (postgres://USER:PASSWORD@HOST:PORT/NAME)."
    )
