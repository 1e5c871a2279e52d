"""What a document in XML may hold."""

import re

# XML 1.0, section 2.2: the characters a document may not hold, not even escaped.
ILLEGAL = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
