"""Every act that is written to the log has a name a person can read."""

import ast
from collections.abc import Iterator
from pathlib import Path

from learning.audit.words import acts
from learning.organisations.models import UnitChange

ROOT = Path(__file__).parents[3]
# Functions that write an entry; those beside `record` take the act first.
WRITERS = {"record", "note", "_audit", "_record_each"}


def written() -> Iterator[tuple[str, str]]:
    """Act and file of all calls that name one."""
    for folder in ("learning", "site/portal"):
        for path in (ROOT / folder).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(call, ast.Call) and _name(call.func) in WRITERS:
                    yield from ((act, path.name) for act in _acts(call))


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def _acts(call: ast.Call) -> Iterator[str]:
    given = [word.value for word in call.keywords if word.arg == "act"] or call.args[:1]
    for one in given:
        values = (one.body, one.orelse) if isinstance(one, ast.IfExp) else (one,)
        for value in values:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value


def test_every_act_has_a_name():
    named = {slug for slug, _name in acts()}
    found = list(written())
    assert len(found) > 40
    assert sorted({(act, file) for act, file in found if act not in named}) == []
    assert {f"unit-{kind}" for kind in UnitChange.Kind.values} - named == set()
