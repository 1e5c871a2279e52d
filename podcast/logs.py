"""Log records as JSON, one object on each line."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

# The ID of this thread's current or last request, set by podcast.middleware.
request_id: ContextVar[str] = ContextVar("request_id", default="")

# Addresses of drafts and sign-in links, whose last part is a secret.
SECRET = re.compile(r"((?<!/admin)/preview/|/admin/sign-in/)[^/?\s\"'\\]+")

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
        text = without_secrets(json.dumps(line, ensure_ascii=False, default=str))
        # An unpaired surrogate, as in an odd file name, would break the stream.
        return text.encode("utf-8", "backslashreplace").decode()


def without_secrets(text: str) -> str:
    return SECRET.sub(r"\1…", text)
