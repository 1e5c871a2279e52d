"""Serves uploads from the local disk with ranges, which Django's own view lacks; so does nginx."""

import os
import stat
import threading
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from media.cross_origin import allow_any_origin
from media.ranges import BLOCK, Blocks, Unsatisfiable, requested_range
from media.storages import IMMUTABLE

# Socket buffers take this much at once, so sending it blocks no thread.
SMALL = 4 * BLOCK
RETRY_SECONDS = 5
# Anything else is a download: never shown as a page of ours, never compressed.
INLINE_TYPES = {
    ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg", ".opus": "audio/ogg",
    ".wav": "audio/wav", ".mp4": "video/mp4", ".avif": "image/avif", ".gif": "image/gif",
    ".jpeg": "image/jpeg", ".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp",
}  # fmt: skip

# A slow listener may hold a thread for an hour; half of the threads stay free for pages.
streams = threading.BoundedSemaphore(max(1, settings.GUNICORN_THREADS // 2))


@allow_any_origin
@require_safe
def serve_media(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file below MEDIA_ROOT, whole or in part; 503 when too many are streaming already."""
    file = open_upload(path)
    status = os.fstat(file.fileno())
    modified = int(status.st_mtime)
    headers = {
        "ETag": f'"{status.st_mtime_ns:x}-{status.st_size:x}"',
        "Last-Modified": http_date(modified),
        "Cache-Control": IMMUTABLE,
        "Accept-Ranges": "bytes",
    }
    unchanged = get_conditional_response(request, headers["ETag"], modified)
    response = unchanged or content(request, file, status.st_size, headers)
    if not response.streaming:
        file.close()
    if response.status_code < 400:
        for name, value in (headers | content_headers(path)).items():
            response.headers[name] = value
    return response


def open_upload(path: str) -> BinaryIO:
    """The upload of this name. Raises Http404 for all that isn't a file below MEDIA_ROOT."""
    root = Path(settings.MEDIA_ROOT).resolve()
    try:
        found = (root / path).resolve()  # follows links too: they must not lead out
        if found.is_relative_to(root) and stat.S_ISREG(found.stat().st_mode):
            return found.open("rb")
    except (OSError, ValueError) as error:  # missing, unreadable or no possible name
        raise Http404("There is no such file.") from error
    raise Http404("There is no such file.")


def content(
    request: HttpRequest, file: BinaryIO, size: int, headers: dict[str, str]
) -> HttpResponseBase:
    """The requested bytes, or 416 or 503."""
    if request.method == "HEAD":
        return HttpResponse(headers={"Content-Length": str(size)})
    try:
        wanted = requested_range(range_header(request, headers), size)
    except Unsatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if wanted is None:
        return streamed(file, range(size), status=200)
    response = streamed(file, wanted, status=206)
    if response.status_code == 206:
        response.headers["Content-Range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{size}"
    return response


def range_header(request: HttpRequest, headers: dict[str, str]) -> str:
    """The Range header, or nothing if it is meant for another version of the file (If-Range)."""
    condition = request.headers.get("If-Range")
    if condition in (None, headers["ETag"], headers["Last-Modified"]):
        return request.headers.get("Range", "")
    return ""


def streamed(file: BinaryIO, positions: range, status: int) -> HttpResponseBase:
    """The bytes at these positions, or 503 when too many threads are sending files."""
    slot = streams if len(positions) > SMALL else None
    if slot and not slot.acquire(blocking=False):
        text = "Too many people are listening just now. Please try again in a few seconds.\n"
        headers = {"Retry-After": str(RETRY_SECONDS)}
        return HttpResponse(text, "text/plain", status=503, headers=headers)
    response = StreamingHttpResponse(Blocks(file, positions, slot), status=status)
    response.headers["Content-Length"] = str(len(positions))
    return response


def content_headers(path: str) -> dict[str, str]:
    """Headers that say how to take the file."""
    shown = INLINE_TYPES.get(Path(path).suffix.lower())
    if shown:
        return {"Content-Type": shown}
    return {"Content-Type": "application/octet-stream", "Content-Disposition": "attachment"}
