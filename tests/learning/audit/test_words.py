"""Every act that is written to the log has a name a person can read."""

import ast
from collections.abc import Iterator
from pathlib import Path

from learning.audit.words import acts, thing_name
from learning.organisations.logbook.queries import DETAIL_WORDS
from learning.organisations.models import UnitChange

ROOT = Path(__file__).parents[3]
# Functions that write an entry; those beside `record` take the act first.
WRITERS = {"record", "note", "_audit", "_record_each"}


def calls() -> Iterator[tuple[ast.Call, str]]:
    """All calls in our code, with the file they stand in."""
    for folder in ("learning", "site/portal"):
        for path in (ROOT / folder).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(call, ast.Call):
                    yield call, path.name


def written() -> Iterator[tuple[str, str]]:
    """Act and file of all calls that name one."""
    for call, file in calls():
        if _name(call.func) in WRITERS:
            yield from ((act, file) for act in _acts(call))


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


def test_every_detail_has_a_name():
    keys = {
        word.arg
        for call, _file in calls()
        if _name(call.func) == "record"
        for word in call.keywords
        if word.arg
    }
    assert keys - {"act", "by", "about", "unit"} - DETAIL_WORDS.keys() == set()


def test_everything_that_is_disclosed_has_a_name():
    told = {
        word.value.value
        for call, _file in calls()
        if _name(call.func) in {"tell_disclosure", "tell_list"}
        for word in call.keywords
        if word.arg == "what" and isinstance(word.value, ast.Constant)
    }
    assert len(told) > 10
    assert {what for what in told if thing_name(str(what)) == what} == set()
