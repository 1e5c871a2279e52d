"""Language codes (BCP 47)."""

import re

# BCP 47 (RFC 5646, section 2.1): a language of ISO 639, then script, region and variants.
LANGUAGE_PATTERN = r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z"
LANGUAGE_LENGTH = 20  # characters: columns hold no more
LANGUAGE_RULE = "“%(value)s” is no code of a language, such as en or en-US."


def is_language(value: str) -> bool:
    """Whether this is spelt as a language code, such as en, es-419 or zh-Hans."""
    return len(value) <= LANGUAGE_LENGTH and re.search(LANGUAGE_PATTERN, value) is not None
