"""One-time passwords of authenticator apps (TOTP, RFC 6238), and recovery codes on paper."""

import base64
import hmac
import secrets
import struct
from datetime import datetime
from urllib.parse import quote, urlencode

from django.utils.crypto import salted_hmac

DIGITS = 6
STEP_SECONDS = 30
DRIFT = 1  # steps a phone's clock may be off, either way (RFC 6238, section 5.2)
SECRET_BYTES = 20  # RFC 4226, section 4: 160 bits
RECOVERY_CODES = 10
RECOVERY_BYTES = 10  # 80 bits can't be guessed, so a fast hash is enough


def new_secret() -> str:
    """A random key in base32, as apps take it."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def hotp(key: bytes, counter: int, digits: int = DIGITS, digest: str = "sha1") -> str:
    """The code for a counter (RFC 4226, section 5.3)."""
    mac = hmac.new(key, struct.pack(">Q", counter), digest).digest()
    offset = mac[-1] & 15
    (number,) = struct.unpack(">I", mac[offset : offset + 4])
    return f"{(number & 0x7FFFFFFF) % 10**digits:0{digits}d}"


def step_at(now: datetime) -> int:
    return int(now.timestamp()) // STEP_SECONDS


def matching_step(secret: str, code: str, now: datetime, after: int) -> int | None:
    """The time step of this code, if it is a current one and later than `after`."""
    key, current = base64.b32decode(secret), step_at(now)
    for step in range(current - DRIFT, current + DRIFT + 1):
        if step > after and hmac.compare_digest(hotp(key, step).encode(), code.encode()):
            return step
    return None


def otpauth_uri(secret: str, issuer: str, name: str) -> str:
    """The URI that hands a secret to an app (Google Authenticator's Key URI Format)."""
    label = quote(f"{issuer}:{name}", safe=":")
    return f"otpauth://totp/{label}?" + urlencode(
        {"secret": secret, "issuer": issuer}, quote_via=quote
    )


def new_recovery_codes() -> list[str]:
    """Codes such as `4gxq-m2ak-…`, valid once each. Only their hashes are stored."""
    codes = (base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)) for _ in range(RECOVERY_CODES))
    plain = (code.decode().lower() for code in codes)
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in plain]


def recovery_hash(code: str) -> str:
    """The stored hash of a code, however it is typed."""
    letters = "".join(char for char in code.lower() if char.isalnum())
    return salted_hmac("desk.people.codes", letters, algorithm="sha256").hexdigest()


def strip_spaces(code: str) -> str:
    """A code without the spaces that apps show in it."""
    return "".join(code.split())
