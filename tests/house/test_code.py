"""Rules that hold for the code base itself."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import pytest
from django.apps import apps
from importlinter.cli import lint_imports

from tests.house.source import PROGRAM, ROOT, modules, shapes, texts

LONGEST_FILE = 600
TEMPLATES = PROGRAM / "faces" / "templates"
# The pilot's names, numbers and addresses belong to data. Digits: area codes of the city and its districts, its
# telephone prefix, its hotline.
LOCAL = re.compile(
    r"乐山|嘉州|市中区|五通桥|沙湾|金口河|峨眉|犍为|井研|夹江|沐川|峨边|马边|\b5111\d\d|\b0833|\b12345\b"
)
DATA = ("hpf/policy/law/", "hpf/papers/fonts/", "hpf/faces/static/vendor/")


def test_imports_go_down(capsys: pytest.CaptureFixture[str]) -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0, capsys.readouterr().out


def floors() -> dict[str, int]:
    """Package → floor, 0 the lowest, as the import contract lists them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layers,) = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    return {package.strip(): height for height, layer in enumerate(reversed(layers)) for package in layer.split("|")}


def test_no_foreign_key_points_up_or_sideways() -> None:
    height = floors()
    for model in apps.get_models(include_auto_created=True):
        home = _package(model)
        if home not in height:
            continue  # a library's own tables
        for field in model._meta.get_fields():
            if field.concrete and field.is_relation and field.related_model:
                other = _package(field.related_model)
                assert other == home or height[other] < height[home], f"{model.__name__}.{field.name} → {other}"


def test_every_app_stands_on_a_floor() -> None:
    names = {config.name for config in apps.get_app_configs() if config.name.startswith("hpf.")}
    assert names <= floors().keys()


def _package(model: type) -> str:
    return ".".join(model.__module__.split(".")[:2])


def test_files_stay_short() -> None:
    sources = [*modules(), *(ROOT / "tests").rglob("*.py"), *PROGRAM.rglob("*.sql"), *PROGRAM.rglob("*.typ")]
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sources}
    assert {str(path): length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_nothing_local_stands_in_the_code() -> None:
    found = [
        (str(path.relative_to(ROOT)), text)
        for path, tree in modules().items()
        if not _is_data(path)
        for text in texts(tree)
        if LOCAL.search(text)
    ]
    assert found == []


def test_nothing_local_stands_in_statements_templates_and_papers() -> None:
    kinds = ("*.sql", "*.html", "*.js", "*.css", "*.typ", "*.yaml", "*.md")
    files = [path for kind in kinds for path in PROGRAM.rglob(kind) if not _is_data(path)]
    assert [str(path) for path in files if LOCAL.search(path.read_text(encoding="utf-8"))] == []


def _is_data(path: Path) -> bool:
    return str(path.relative_to(ROOT)).startswith(DATA)


def test_every_named_statement_is_used() -> None:
    """By its name, by a name that an f-string makes, or by the value of an enumeration."""
    said = {text for tree in modules().values() for text in texts(tree)} | set(_values())
    forms = [form for tree in modules().values() for form in shapes(tree)]
    for file in PROGRAM.rglob("sql/*.sql"):
        named = set(re.findall(r"^-- name: (\w+)", file.read_text(encoding="utf-8"), re.MULTILINE))
        assert named, file
        unused = {name for name in named - said if not any(form.fullmatch(name) for form in forms)}
        assert unused == set(), file


def _values() -> Iterator[str]:
    for kind in _all_enums(Enum):
        if kind.__module__.startswith("hpf."):
            yield from (str(member.value) for member in kind)


def _all_enums(kind: type[Enum]) -> Iterator[type[Enum]]:
    for child in kind.__subclasses__():
        yield child
        yield from _all_enums(child)


def test_every_template_is_used() -> None:
    """By a view, or by another template. An error page is named by its status."""
    said = {text for tree in modules().values() for text in texts(tree)}
    for path in TEMPLATES.rglob("*.html"):
        inside = path.read_text(encoding="utf-8")
        said |= set(re.findall(r'{%-? (?:extends|include|from|import) [^%]*?"([\w/]+\.html)"', inside))
        said |= set(re.findall(r'else "([\w/]+\.html)"', inside))
    errors = {f"errors/{status}.html" for status in (400, 403, 404, 405, 422, 429, 500, 503)}
    assert _names(TEMPLATES, "*.html") - said - errors == set()


def test_every_paper_is_printed() -> None:
    papers = PROGRAM / "papers" / "templates"
    said = {text for tree in modules().values() for text in texts(tree)}
    included = {name for path in papers.glob("*.typ") for name in re.findall(r'import "(\w+)\.typ"', path.read_text())}
    assert {path.stem for path in papers.glob("*.typ")} - said - included == set()


def _names(folder: Path, kind: str) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob(kind)}


def test_no_view_hands_a_form_on_whole() -> None:
    """What is taken from a form is named: nothing that somebody added to it goes further (ASVS 15.3.3)."""
    whole = re.compile(r"\*\*request\.(POST|GET)|request\.POST\.(dict|items|lists|values|keys)\(|in request\.POST:")
    assert [path for path in PROGRAM.rglob("*.py") if whole.search(path.read_text(encoding="utf-8"))] == []


def test_nothing_is_left_for_later() -> None:
    sources = [*modules(), *PROGRAM.rglob("*.sql"), *TEMPLATES.rglob("*.html")]
    assert [str(path) for path in sources if re.search(r"\b(TODO|FIXME)\b", path.read_text(encoding="utf-8"))] == []


def test_nothing_names_the_shared_schema() -> None:
    """A center is its schema and nothing else: no statement says ``public.``."""
    found = [str(path) for path in PROGRAM.rglob("*.sql") if re.search(r"\bpublic\.", path.read_text(encoding="utf-8"))]
    assert found == []


def test_each_receipt_is_told_the_acts_that_its_operation_records() -> None:
    """Under another name a repeated key would be refused instead of answered."""
    found = []
    for path, tree in modules().items():
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
            receipts = [call for call in calls if ast.unparse(call.func) == "evidence.receipt"]
            told = {arg.value for call in receipts for arg in call.args if isinstance(arg, ast.Constant)}
            recorded = {call.args[0].value for call in calls if _records_under_a_key(call)}
            if receipts and (unnamed := recorded - told):
                found.append((str(path.relative_to(ROOT)), function.name, unnamed))
    assert found == []


def _records_under_a_key(call: ast.Call) -> bool:
    given = (*call.args, *(one.value for one in call.keywords))
    keyed = any(isinstance(one, ast.Name) and one.id == "key" for one in given)
    recorder = ast.unparse(call.func).endswith(("record", "recorded"))
    return recorder and keyed and bool(call.args) and isinstance(call.args[0], ast.Constant)
