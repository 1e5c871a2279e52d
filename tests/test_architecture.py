"""The house's rules, read from the source: who may import whom, and what nobody does."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model

ROOT = Path(__file__).resolve().parent.parent

README = (ROOT / "README.md").read_text()


def layers() -> list[list[str]]:
    """The packages of the README's tree, from the roof down; those on one line share a layer."""
    tree = next(block for block in README.split("```") if block.strip().startswith("podcast/"))
    layered, _, _ = tree.strip().partition("\n\n")
    return [re.findall(r"([a-z]+)/(?=\s)", line) for line in layered.splitlines()]


LEVELS = {package: level for level, line in enumerate(layers()) for package in line}
LONGEST_MODULE = 300
SQL_WORD = re.compile(r"\b(?:SELECT|INSERT|UPDATE|DELETE|FROM|JOIN|TRIGGER)\b")
NAMED_BY_DJANGO = ("Command", "Media", "Meta")
# Class names of several modules, each with its reason.
SHARED_NAMES: dict[str, str] = {}

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


FOLDERS = {_name(path): path.parent for path in PRODUCT}
WIRING = {path for path in PRODUCT if path.name == "urls.py" or path == ROOT / "desk/admin.py"}


def _within(path: Path) -> set[str]:
    """The modules of the house this one imports, whichever way it names them."""
    found = set()
    for _, name in imports_of(path):
        for candidate in (name, name.rpartition(".")[0]):
            if candidate in FOLDERS:
                found.add(candidate)
                break
    return found - {_name(path)}


def test_folders_of_a_package_form_no_cycle():
    """Two folders that import each other are one room with a wall in it."""
    uses: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for path in PRODUCT:
        folder = str(path.parent.relative_to(ROOT))
        for name in _within(path) if path not in WIRING else ():
            other = str(FOLDERS[name].relative_to(ROOT))
            if other != folder and other.split("/")[0] == folder.split("/")[0]:
                uses[folder, other].append(f"{_name(path)} → {name}")
    assert [(*uses[a, b], *uses[b, a]) for a, b in uses if a < b and (b, a) in uses] == []


def test_views_are_imported_by_urls_and_views_alone():
    found = [
        f"{_name(path)} → {name}"
        for path in PRODUCT
        if path.name != "urls.py" and not is_view(_name(path))
        for name in _within(path)
        if is_view(name)
    ]
    # A preview is the episode's page, from a view of the desk.
    assert found == ["desk.publishing.previews → pages.views.episode"]


def is_view(module: str) -> bool:
    return "views" in module.split(".")


def test_sql_asks_no_table_of_a_layer_above():
    """A statement depends on a table as a module depends on what it imports."""
    owners = {model._meta.db_table: _package(model) for model in apps.get_models()}
    tables = re.compile(rf"\b(?:{'|'.join(map(re.escape, owners))})\b")
    upwards = [
        f"{path.relative_to(ROOT)}: {own} asks {table}"
        for path, statement in statements()
        if (own := path.relative_to(ROOT).parts[0]) in LEVELS
        for table in sorted(set(tables.findall(statement)))
        if (owner := owners[table]) in LEVELS and owner != own and LEVELS[owner] <= LEVELS[own]
    ]
    assert upwards == []


def _package(model: type[Model]) -> str:
    return model.__module__.split(".")[0]


def statements() -> Iterator[tuple[Path, str]]:
    """Every SQL file, and every string of Python that looks like SQL."""
    for package in LEVELS:
        for path in sorted((ROOT / package).rglob("*.sql")):
            yield path, path.read_text()
    for path in PRODUCT:
        for node in ast.walk(tree(path)):
            value = node.value if isinstance(node, ast.Constant) else None
            if isinstance(value, str) and SQL_WORD.search(value):
                yield path, value


def test_what_is_public_is_said_once():
    """Everyone else asks EpisodeQuerySet, or takes PUBLISHED and its like for SQL."""
    public = re.compile(r"status = 'published'|\bpublished_at__lte=")
    sources = [path for path in PRODUCT if "migrations" not in path.parts]
    sources += [path for package in LEVELS for path in (ROOT / package).rglob("*.sql")]
    found = {str(path.relative_to(ROOT)) for path in sources if public.search(path.read_text())}
    assert found == {
        "episodes/models/queries.py",
        "episodes/sql/episodes_is_listed.sql",
        "episodes/rules/visibility.py",
    }


def test_class_names_are_unique():
    places: defaultdict[str, set[str]] = defaultdict(set)
    for path in PRODUCT:
        if "migrations" in path.parts:
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef) and node.name not in NAMED_BY_DJANGO:
                places[node.name].add(_name(path))
    shared = {name: sorted(modules) for name, modules in places.items() if len(modules) > 1}
    assert {name: found for name, found in shared.items() if name not in SHARED_NAMES} == {}
    assert SHARED_NAMES.keys() <= shared.keys()


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


def test_the_readme_names_folders_that_exist():
    tree = next(block for block in README.split("```") if block.strip().startswith("podcast/"))
    named = set(re.findall(r"(?:^|\s)([a-z]+)/(?=\s|$)", tree, re.MULTILINE))
    assert {name for name in named if not (ROOT / name).is_dir()} == set()


@pytest.mark.parametrize("name", ["LICENSE", "SECURITY.md", "CONTRIBUTING.md", ".env.example"])
def test_files_the_readme_leads_to_exist(name: str):
    assert name in README
    assert (ROOT / name).is_file()


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_paths_that_documents_name_exist(document: str):
    quoted = re.findall(r"`([\w./-]+)`", (ROOT / document).read_text())
    paths = [name for name in quoted if "/" in name.strip("/") or name.endswith((".py", ".txt"))]
    paths = [name for name in paths if name != "tests/factories.py" and not name.startswith("/")]
    assert {name for name in paths if not (ROOT / name).exists()} == {"utils.py"} & set(paths)


def test_no_scripts_import_each_other():
    """`collectstatic` hashes a script with the hashes that it imports, and would never end."""
    imported = re.compile(r"""(?:from|import)\s*\(?\s*["']\.\.?/(?:\w+/)?([\w.]+)["']""")
    scripts = (ROOT / "static" / "js").rglob("*.js")
    TopologicalSorter({path.name: imported.findall(path.read_text()) for path in scripts}).prepare()
