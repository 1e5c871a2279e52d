"""The house's rules, read from the source: who may import whom, and what nobody does."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# From the roof down. A package imports only from lines below its own.
LAYERS = (
    ("podcast",),
    ("desk",),
    ("ops",),
    ("transfer",),
    ("linkcheck", "pages", "feeds"),
    ("notes",),
    ("search",),
    ("topics",),
    ("caching",),
    ("episodes",),
    ("show",),
    ("stack", "guests"),
    ("media", "accounts"),
    ("text", "net"),
)
LEVELS = {package: level for level, line in enumerate(LAYERS) for package in line}
LONGEST_MODULE = 300

Imported = tuple[int, str]


def modules(*packages: str) -> Iterator[Path]:
    for package in packages:
        yield from sorted((ROOT / package).rglob("*.py"))


def is_product(path: Path) -> bool:
    return "tests" not in path.parts and path.name != "conftest.py"


PRODUCT = [path for path in modules(*LEVELS) if is_product(path)]
EVERYTHING = [*modules(*LEVELS, "tests", "deploy", "bench"), ROOT / "conftest.py"]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def imports(node: ast.AST) -> Iterator[Imported]:
    """Line and dotted name of every import anywhere below this node."""
    for found in ast.walk(node):
        if isinstance(found, ast.Import):
            yield from ((found.lineno, alias.name) for alias in found.names)
        elif isinstance(found, ast.ImportFrom):
            assert found.level == 0, f"line {found.lineno}: say the whole name, not a relative one"
            yield from ((found.lineno, f"{found.module}.{alias.name}") for alias in found.names)


@cache
def imports_of(path: Path) -> tuple[Imported, ...]:
    return tuple(imports(tree(path)))


def lines_of_functions(path: Path) -> set[int]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = (node for node in ast.walk(tree(path)) if isinstance(node, kinds))
    return {line for node in found for line in range(node.lineno, (node.end_lineno or 0) + 1)}


def place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def test_every_package_has_its_layer():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py") if is_product(path.parent)}
    assert packages - {"deploy", "bench"} == set(LEVELS)


def test_imports_lead_downwards():
    upwards = []
    for path in PRODUCT:
        own = path.relative_to(ROOT).parts[0]
        for line, name in imports_of(path):
            package = name.split(".")[0]
            if package in LEVELS and package != own and LEVELS[package] <= LEVELS[own]:
                upwards.append(f"{place(path, line)}: {own} imports {name}")
    assert upwards == []


def test_no_cycles_within_a_package():
    graph = {_name(path): _within(path) for path in PRODUCT}
    done: set[str] = set()

    def visit(module: str, above: tuple[str, ...]) -> None:
        assert module not in above, " → ".join((*above, module))
        if module in done:
            return
        for lower in graph[module]:
            visit(lower, (*above, module))
        done.add(module)

    for module in graph:
        visit(module, ())


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {_name(path) for path in PRODUCT}


def _within(path: Path) -> set[str]:
    """The modules of the house this one imports, whichever way it names them."""
    found = set()
    for _, name in imports_of(path):
        for candidate in (name, name.rpartition(".")[0]):
            if candidate in MODULES:
                found.add(candidate)
                break
    return found - {_name(path)}


def test_no_imports_inside_functions():
    hidden = []
    for path in EVERYTHING:
        functions = lines_of_functions(path)
        hidden += [place(path, line) for line, _ in imports_of(path) if line in functions]
    assert hidden == []


# Only this signal says that `migrate` has created the permissions, which the roles consist of.
ALLOWED_SIGNALS = {("accounts/apps.py", "django.db.models.signals.post_migrate")}


def test_no_signals():
    signals = ("django.dispatch", "django.db.models.signals", "django.core.signals")
    found = {
        (str(path.relative_to(ROOT)), name)
        for path in EVERYTHING
        for _, name in imports_of(path)
        if name.startswith(signals)
    }
    assert found == ALLOWED_SIGNALS


def test_relations_name_classes_not_strings():
    relations = ("ForeignKey", "OneToOneField", "ManyToManyField")
    found = [
        place(path, node.lineno)
        for path in PRODUCT
        if "migrations" not in path.parts
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).split(".")[-1] in relations
        and isinstance(node.args[0], ast.Constant)
    ]
    assert found == []


def test_text_and_net_know_no_django():
    found = [
        place(path, line)
        for path in modules("text", "net")
        for line, name in imports_of(path)
        if is_product(path) and name.startswith("django")
    ]
    assert found == []


def test_modules_stay_short():
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in PRODUCT}
    assert {name: lines for name, lines in lengths.items() if lines >= LONGEST_MODULE} == {}
    assert not [path for path in EVERYTHING if path.name in ("utils.py", "helpers.py")]


def tree_in_readme() -> set[str]:
    """The folders that the README's picture of the house names."""
    picture = (ROOT / "README.md").read_text().split("```")
    house = next(block for block in picture if block.strip().startswith("podcast/"))
    return {
        name
        for line in house.splitlines()
        for name in re.findall(r"(?:^|\s)([a-z]+)/(?=\s|$)", line)
    }


def test_the_readme_shows_the_house_as_it_is():
    named = tree_in_readme()
    assert set(LEVELS) <= named
    assert {name for name in named if not (ROOT / name).is_dir()} == set()


@pytest.mark.parametrize("name", ["LICENSE", "SECURITY.md", "CONTRIBUTING.md", ".env.example"])
def test_files_the_readme_leads_to_exist(name: str):
    assert name in (ROOT / "README.md").read_text()
    assert (ROOT / name).is_file()


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_paths_that_documents_name_exist(document: str):
    quoted = re.findall(r"`([\w./-]+)`", (ROOT / document).read_text())
    paths = [name for name in quoted if "/" in name.strip("/") or name.endswith((".py", ".txt"))]
    paths = [name for name in paths if name != "tests/factories.py" and not name.startswith("/")]
    assert {name for name in paths if not (ROOT / name).exists()} == {"utils.py"} & set(paths)
