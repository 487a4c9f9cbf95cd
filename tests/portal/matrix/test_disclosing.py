"""Whatever page or file tells one of us who somebody is: that she saw it is noted, and once."""

from __future__ import annotations

import pytest
from django.db import transaction

from learning.audit.models import Disclosure
from learning.audit.words import thing_name
from tests.portal.matrix.test_matrix import expected
from tests.portal.matrix.walking import OPEN, address_of
from tests.portal.matrix.world import ROLES, World, make_world

pytestmark = pytest.mark.django_db

# Who is in the world, as a page or a table would say it.
NAMES = ("Nguyễn Thị Mẫu", "Ngô Thí Dụ")
# Files whose names no search of their bytes finds.
PACKED = {"certificates:register_pdf", "certificates:register_xlsx"}
# What tells names and is not noted, and why.
EXCUSED = {
    # Below learning, which they know nothing of; only who administers the quizzes comes here.
    "attempts_allowances:",
    # The acts themselves stand in the audit log.
    "second_factor_reset",
}


def seen(world: World, role: str) -> dict[str, tuple[bool, list[Disclosure]]]:
    """Route → whether it named somebody to her, and what was noted; each visit undone."""
    found = {}
    for (name, method), said in expected().items():
        letters = dict(zip(ROLES, said, strict=True))
        if method != "GET" or letters[role] != OPEN or letters["anonymous"] == OPEN:
            continue
        with transaction.atomic():
            reply = world.browsers[role].get(address_of(name, world))
            body = b"".join(reply)
            noted = list(Disclosure.objects.all())
            transaction.set_rollback(True)
        names = name in PACKED or any(one.encode() in body for one in NAMES)
        found[name] = (names, noted)
    return found


def test_whoever_sees_persons_is_noted_once():
    world = make_world()
    for role, least in (("officer", 15), ("administrator", 8)):
        pages = seen(world, role)
        noted = {name: rows for name, (_names, rows) in pages.items() if rows}
        untold = sorted(name for name, (names, rows) in pages.items() if names and not rows)
        assert [one for one in untold if not one.startswith(tuple(EXCUSED))] == [], role
        assert {name: len(rows) for name, rows in noted.items() if len(rows) > 1} == {}, role
        assert len(noted) >= least, role
        words = {row.what for rows in noted.values() for row in rows}
        assert {what for what in words if thing_name(what) == what} == set(), "named for a person"
    own = seen(world, "learner")
    assert {name for name, (_names, rows) in own.items() if rows} == set(), "her own pages"
    assert own["privacy:mine"] == (True, [])
