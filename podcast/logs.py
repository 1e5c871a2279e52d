"""Log records as JSON, one object on each line."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

# The ID of this thread's current or last request, set by podcast.middleware.
request_id: ContextVar[str] = ContextVar("request_id", default="")


def spelled(word: str) -> str:
    """A pattern of the word, whose letters may be escaped, even several times."""
    codes = [(re.escape(each), ord(each.lower()), ord(each.upper())) for each in word]
    return "".join(f"(?:{each}|%(?:25)*(?:{low:x}|{up:x}))" for each, low, up in codes)


# Addresses of drafts and sign-in links, whose last part is a secret.
SECRET = re.compile(
    r"((?<!/admin)/preview/+|/sign-in/+)[^?\s\"']+?"
    r"(?=(?:/audio|/chapters\.json)?(?:[?\s\"']|$))",
    re.IGNORECASE,
)
# Those that somebody mistyped: anything may be before the secret.
NAMES = f"(?:{spelled('preview')}|{spelled('sign-in')})"
MISTYPED = re.compile(
    rf"((?<![\w\s-]){NAMES}|(?<=%5c){NAMES}|(?<=%2f){NAMES})(?:\W.{{0,100}}?)?[\w-]{{20,}}[^\s\"']*",
    re.IGNORECASE | re.DOTALL,
)

STANDARD = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "request"}


class JsonFormatter(logging.Formatter):
    """Time, level, logger, message, request ID, the fields of `extra`, and the exception."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if own := request_id.get():
            line["request_id"] = own
        request: Any = getattr(record, "request", None)
        if hasattr(request, "path"):  # without its query, which may be personal
            line |= {"method": str(getattr(request, "method", "")), "path": request.path}
        line |= {key: value for key, value in record.__dict__.items() if key not in STANDARD}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            line["stack"] = self.formatStack(record.stack_info)
        text = json.dumps(masked(line), ensure_ascii=False, default=masked_text)
        # An unpaired surrogate, as in an odd file name, would break the stream.
        return text.encode("utf-8", "backslashreplace").decode()


def logging_settings(formatter: str, level: str, *, requests: bool) -> dict[str, Any]:
    """Django's LOGGING: everything to stderr, as `json` or `plain`, with or without requests."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "podcast.logs.JsonFormatter"},
            "plain": {"format": "%(message)s"},
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": formatter},
            "nowhere": {"class": "logging.NullHandler"},
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Foreign Host headers get a 400 and are no error of ours. Without a handler, Python
            # would write them to stderr with a traceback.
            "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
            "podcast.request": {"level": "INFO" if requests else "WARNING"},
        },
    }


def without_secrets(text: str) -> str:
    return MISTYPED.sub(r"\1…", SECRET.sub(r"\1…", text))


def masked_text(value: object) -> str:
    return without_secrets(str(value))


def masked(value: Any) -> Any:
    """The same value without secret addresses at any depth."""
    if isinstance(value, str):
        return without_secrets(value)
    if isinstance(value, dict):
        return {name: masked(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [masked(each) for each in value]
    return value
