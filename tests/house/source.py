"""The source as the tests of the house read it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "hpf"


@cache
def modules() -> dict[Path, ast.Module]:
    """Every module of the program, without migrations."""
    paths = [*PROGRAM.rglob("*.py"), *(ROOT / "config").glob("*.py")]
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths if "migrations" not in path.parts}


def texts(tree: ast.AST) -> Iterator[str]:
    """Every text in a tree that is no docstring; the fixed parts of f-strings too."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    doc = {id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, documented) and _has_doc(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in doc:
            yield node.value


def shapes(tree: ast.AST) -> Iterator[re.Pattern[str]]:
    """What an f-string that begins with a word may come to: ``f"check_{name}"`` gives ``check_.+``."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.JoinedStr):
            continue
        parts = [re.escape(str(one.value)) if isinstance(one, ast.Constant) else ".+" for one in node.values]
        if re.match(r"\w{3}", parts[0]):
            yield re.compile("".join(parts))


@cache
def is_said(text: str) -> bool:
    """Whether the program says a text somewhere, as it is or by an f-string."""
    trees = modules().values()
    return any(text in texts(tree) for tree in trees) or any(
        form.fullmatch(text) for tree in trees for form in shapes(tree)
    )


def callers_of_defer() -> dict[str, set[str]]:
    """Task → the public functions from which ``defer("task", …)`` is reached inside their module."""
    found: dict[str, set[str]] = {}
    for tree in modules().values():
        functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        for name, function in functions.items():
            for task in _tasks(function):
                found.setdefault(task, set()).update(_public_callers(name, functions))
    return found


def _tasks(function: ast.FunctionDef) -> Iterator[str]:
    for call in _calls(function):
        if isinstance(call.func, ast.Name) and call.func.id == "defer" and isinstance(call.args[0], ast.Constant):
            yield str(call.args[0].value)


def _public_callers(name: str, functions: dict[str, ast.FunctionDef]) -> set[str]:
    if not name.startswith("_"):
        return {name}
    callers = {
        other
        for other, function in functions.items()
        if any(isinstance(call.func, ast.Name) and call.func.id == name for call in _calls(function))
    }
    return set().union(*(_public_callers(caller, functions) for caller in callers - {name}))


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _has_doc(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    first = node.body[0] if node.body else None
    return isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
