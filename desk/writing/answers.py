"""The host's answers about technologies that notes name for the first time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from stack.models import Technology
from text.names import normalise_name

CREATE = "create"
OF = "of:"


@dataclass(frozen=True, slots=True)
class TechnologyAnswer:
    """Either `create` it, or it is another name of the technology `of`."""

    create: bool = False
    of: str = ""


Answers = dict[str, TechnologyAnswer]  # by the new technology's normalised name


def read_answers(posted: Mapping[str, str], names: Collection[str]) -> Answers:
    """The answers about these names. Typing a name beats picking one."""
    found = {}
    for key in map(normalise_name, names):
        typed = posted.get(f"of-{key}", "").strip()
        picked = posted.get(f"technology-{key}", "")
        if typed:
            found[key] = TechnologyAnswer(of=typed)
        elif picked.startswith(OF):
            found[key] = TechnologyAnswer(of=picked.removeprefix(OF))
        elif picked == CREATE:
            found[key] = TechnologyAnswer(create=True)
    return found


def store_names(answers: Answers, names: Collection[str]) -> None:
    """Give technologies their other names, in the transaction that applies the notes."""
    known = Technology.objects.by_name({answer.of for answer in answers.values()})
    for name in names:
        answer = answers.get(normalise_name(name))
        if answer and answer.of:
            known[answer.of].add_names(name)
