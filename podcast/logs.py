"""Log records as one JSON object a line, for whatever collects them."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

# Of the request that this thread answers, or answered last: podcast.request_log sets it.
request_id: ContextVar[str] = ContextVar("request_id", default="")

# Whoever knows the end of such an address sees a draft, or signs in.
SECRET = re.compile(r"((?<!/admin)/preview/|/admin/sign-in/)[^/?\s\"'\\]+")

STANDARD = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "request"}


class JsonFormatter(logging.Formatter):
    """Time, level, logger, message, the request's number, what `extra` names, the exception."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if number := request_id.get():
            line["request_id"] = number
        line |= _request(getattr(record, "request", None))
        line |= {key: value for key, value in record.__dict__.items() if key not in STANDARD}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            line["stack"] = self.formatStack(record.stack_info)
        text = without_secrets(json.dumps(line, ensure_ascii=False, default=str))
        # Half a surrogate pair, from an odd file name perhaps, would break the stream.
        return text.encode("utf-8", "backslashreplace").decode()


def without_secrets(text: str) -> str:
    """The text, and of addresses that are secrets only what kind they are."""
    return SECRET.sub(r"\1…", text)


def _request(request: Any) -> dict[str, str]:
    """Which page: without its query, in which people's words may stand."""
    if not hasattr(request, "path"):
        return {}
    return {"method": str(getattr(request, "method", "")), "path": request.path}
