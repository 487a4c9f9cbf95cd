"""Every address × every role. A new address fails here until somebody has thought about it.

`routes.txt` says, per address and method, what each role meets, in the order of `world.ROLES`:
o open, L sent to the log-in, - not there for her (404 or 403), k wants a machine's key,
m not by this method.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.portal.matrix.walking import (
    CLOSED,
    KEY,
    LOG_IN,
    METHOD,
    NAMELESS,
    OPEN,
    Knock,
    address_of,
    is_wagtails,
    matrix_names,
    methods_of,
    routes,
)
from tests.portal.matrix.world import ROLES, World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

TABLE = Path(__file__).with_name("routes.txt")
WITHOUT_ADMIN = ROLES[:8]
# The way in and out, and words and pictures of the admin's own programs.
OF_EVERYONE = {
    "wagtailadmin_login",
    "wagtailadmin_logout",
    "wagtailadmin_sprite",
    "wagtailadmin_javascript_catalog",
}


def expected() -> dict[tuple[str, str], str]:
    """Route and method → a letter for each role."""
    table: dict[tuple[str, str], str] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, method, letters = line.split(None, 2)
            assert (name, method) not in table, line
            table[name, method] = letters.replace(" ", "")
    return table


def knocking(said: str, turn: int) -> set[str]:
    """The roles whose knock is worth its time.

    All of them, but where many meet the same by one rule. Behind Wagtail's one gate, two of those
    without access to the admin take turns from line to line, and the administrator, to whom Django
    refuses nothing, comes to every fourth line that is open to editors. Where everything is open,
    the outermost roles and one more in turn.
    """
    roles = dict(zip(ROLES, said, strict=True))
    inside = [role for role in ROLES if role != "anonymous"]
    outside = [role for role in inside if role in WITHOUT_ADMIN]
    if all(roles[role] == LOG_IN for role in outside):
        spared = {role for place, role in enumerate(outside) if (place - turn) % len(outside) > 1}
        if roles["editor"] == roles["administrator"] == OPEN and turn % 4:
            spared.add("administrator")
        return set(ROLES) - spared
    if all(roles[role] == OPEN for role in inside):
        kept = {"anonymous", "learner", "auditor", "administrator", inside[turn % len(inside)]}
        return set(ROLES) & kept
    return set(ROLES)


def met(world: World, name: str, method: str, said: str, turn: int) -> tuple[str, list[str]]:
    """The letters as they are, and who wrote something although she was refused.

    Who need not knock is given the letter that is said of her.
    """
    letters, trespasses = "", []
    address, roles = address_of(name, world), knocking(said, turn)
    for role, letter in zip(ROLES, said, strict=True):
        if role not in roles:
            letters += letter
            continue
        knock = Knock(world.browsers[role], method, address)
        letters += knock.answer
        if knock.written and (knock.answer != OPEN or (role == "auditor" and method == "GET")):
            trespasses.append(f"{role} {method} {name} wrote {sorted(knock.written)}")
    return letters, trespasses


def test_every_route_is_in_the_matrix():
    named = {name for name, _method in expected()}
    assert sorted(matrix_names() - named) == [], "say in routes.txt who may come in"
    assert sorted(named - matrix_names()) == [], "no such route any more"
    unnamed = {address for address, name in routes() if not name.rpartition(":")[2]}
    assert unnamed - set(NAMELESS) == set(), "give the route a name"


@pytest.mark.parametrize("half", [0, 1])
def test_the_matrix(half):
    world, wrong, trespasses = make_world(), [], []
    table = expected()
    for turn, name in enumerate(sorted({name for name, _method in table})[half::2]):
        by_gate = _behind_the_gate(table, name)
        for method in methods_of(name):
            said = table.get((name, method), by_gate or METHOD * len(ROLES))
            letters, writing = met(world, name, method, said, turn)
            trespasses += writing
            if not agrees(table.get((name, method), METHOD * len(ROLES)), letters):
                wrong.append(f"{name} {method} {letters}   # expected {said}")
    assert wrong == []
    assert trespasses == []


def _behind_the_gate(table: dict[tuple[str, str], str], name: str) -> str:
    """What is met at the gate, by a method without a line, where another method meets it."""
    gate = LOG_IN * len(WITHOUT_ADMIN)
    return (
        gate + CLOSED * (len(ROLES) - len(gate))
        if table.get((name, "GET"), "").startswith(gate)
        else ""
    )


def agrees(said: str, letters: str) -> bool:
    """A method that has no line is one that nobody gets an answer to."""
    if said == METHOD * len(ROLES):
        return OPEN not in letters
    return said == letters


def test_an_auditor_changes_nothing():
    """What an auditor may send at all is about herself: as much as a learner may."""
    # Whether the register is as it was written is what an auditor asks; she may take lists away
    # where she may read them, and a long one is asked for.
    asking = {"certificates:check_chains", "statistics:export_ask"}
    for (name, method), letters in expected().items():
        if method == "POST" and name not in asking:
            role = dict(zip(ROLES, letters, strict=True))
            assert role["auditor"] != OPEN or role["learner"] == OPEN, name


def test_nobody_without_access_comes_into_wagtails_admin():
    world = make_world()
    tried = 0
    for address, name in routes():
        if not is_wagtails(name) or not address.startswith("admin/") or "<" in address:
            continue
        if name in OF_EVERYONE:
            continue
        tried += 1
        for role in ("anonymous", "learner", "department"):
            knock = Knock(world.browsers[role], "GET", f"/{address}")
            assert knock.answer in {LOG_IN, CLOSED, KEY}, (role, name)
            assert knock.written == set(), (role, name)
    assert tried > 50
