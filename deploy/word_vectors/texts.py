"""Short public texts about computing and about the world, from which word vectors are fitted."""

import gzip
import html
import io
import json
import lzma
import random
import re
import sys
import sysconfig
import tarfile
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from urllib.request import urlopen

WORDNET = "https://deb.debian.org/debian/pool/main/w/wordnet/wordnet-base_3.0-37_all.deb"
PACKAGES = "https://deb.debian.org/debian/dists/bookworm/main/i18n/Translation-en.xz"
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
BOILERPLATE = re.compile(
    r"virtual package|data files|documentation for|development files|locali[sz]ation"
    r"|debug|translations?",
    re.IGNORECASE,
)


def texts() -> list[str]:
    """The texts, each once, in a fixed order."""
    # General English, programs, the cloud.
    sources = [(glosses(), 32_000), (package_descriptions(), 100_000), (service_texts(), 16_000)]
    chosen: set[str] = set()
    for seed, (source, wanted) in enumerate(sources, 1):
        # In a fixed random order: neighbours in a source say the same.
        found = sorted(set(source))
        random.Random(seed).shuffle(found)  # noqa: S311 - no secret
        chosen.update(list(filter(is_prose, map(single_spaced, found)))[:wanted])
    return sorted(chosen)


def single_spaced(text: str) -> str:
    return " ".join(text.split())


def is_prose(text: str) -> bool:
    """Whether a text is a sentence or two in words."""
    letters = sum(each.isalpha() or each == " " for each in text)
    return 3 <= len(text.split()) <= 40 and letters > 0.8 * len(text)


def download(url: str) -> bytes:
    try:
        with urlopen(url, timeout=60) as answer:  # noqa: S310 - one of those above
            return answer.read()
    except (OSError, HTTPException) as error:
        sys.exit(f"{url} can't be downloaded: {error}. The table is unchanged.")


def glosses() -> Iterator[str]:
    """WordNet's definitions, with their words, and its examples."""
    archive = download(WORDNET)
    data = archive[archive.index(b"\xfd7zXZ", archive.index(b"data.tar.xz")) :]
    with tarfile.open(fileobj=io.BytesIO(lzma.LZMADecompressor().decompress(data))) as files:
        for member in sorted(files.getmembers(), key=lambda each: each.name):
            file = files.extractfile(member)
            if not file or "/wordnet/data." not in member.name:
                continue
            for line in file.read().decode().splitlines():
                if not line.startswith(" "):
                    yield from gloss(line)


def gloss(line: str) -> Iterator[str]:
    head, _, definition = line.partition(" | ")
    fields = head.split(" ")
    count = int(fields[3], 16)
    words = [field.replace("_", " ").partition("(")[0] for field in fields[4 : 4 + 2 * count : 2]]
    first, *examples = (part.strip(' "') for part in definition.split(";"))
    yield f"{', '.join(words[:3])}: {first}"
    yield from (example for example in examples if len(example.split()) >= 4)


def service_texts() -> Iterator[str]:
    """The sentences of botocore's documentation of AWS."""
    folder = Path(sysconfig.get_paths()["purelib"], "botocore", "data")
    for path in sorted(folder.glob("*/*/service-2.json.gz")):
        service = gzip.decompress(path.read_bytes()).decode()
        for match in re.finditer(r'"documentation":("(?:[^"\\]|\\.)*")', service):
            plain = html.unescape(re.sub(r"<[^>]+>", " ", json.loads(match[1])))
            yield from SENTENCE_END.split(plain)


def package_descriptions() -> Iterator[str]:
    """The sentences of Debian's descriptions of its packages."""
    blocks = lzma.decompress(download(PACKAGES)).decode()
    for match in re.finditer(r"^Description-en: (.*)\n((?: .*\n)*)", blocks, re.MULTILINE):
        body = "\n".join(line[1:] for line in match[2].splitlines())
        paragraphs = map(single_spaced, body.split("\n.\n"))
        sentences = (each for paragraph in paragraphs for each in SENTENCE_END.split(paragraph))
        for sentence in (single_spaced(match[1]), *sentences):
            is_boilerplate = sentence.startswith("This package") or BOILERPLATE.search(sentence)
            if len(sentence.split()) > 3 and is_prose(sentence) and not is_boilerplate:
                yield sentence
