"""The tree of units: the same screens with 500 and with 5,000 units.

    make bench ARGS=--units

    python -m bench.units         in the environment of a migrated database

The screens are asked through the whole of Django, by the test client: what grows is the product's
own work. A tenfold tree must not cost more than `MOST_GROWTH` times as much: what is shown, not
what there is, is paid for.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from typing import Any

SMALL, LARGE = 500, 5_000
BRANCHES = 100
TIMES = 15
MOST_GROWTH = 3.0
_PREFIX = "bench-dv-"


def main() -> int:
    """Both sizes, the table, JSON as last line; 1 if a screen grows with the whole tree."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["*"]
    browser = _administrator()
    rows: dict[int, dict[str, float]] = {}
    for size in (SMALL, LARGE):
        root = _grow(size)
        rows[size] = {name: _median(browser, url) for name, url in _screens(root).items()}
    wrong = []
    print(f"{'':28}{SMALL:>10}{LARGE:>10}   ratio")
    for name, small in rows[SMALL].items():
        large = rows[LARGE][name]
        print(f"{name:28}{small:>8.1f}ms{large:>8.1f}ms{large / small:>8.2f}")
        if large > MOST_GROWTH * small:
            wrong.append(name)
    for name in wrong:
        print(f"✗ {name}: more than {MOST_GROWTH} times as slow")
    print(json.dumps(rows))
    return int(bool(wrong))


def _administrator() -> Any:
    from django.contrib.auth import get_user_model
    from django.test import Client

    person, _made = get_user_model().objects.get_or_create(
        email="bench-don-vi@vidu.example",
        defaults={"full_name": "Đo Mẫu", "is_staff": True, "is_superuser": True},
    )
    browser = Client()
    browser.force_login(person)
    return browser


def _grow(size: int) -> Any:
    """A city with `BRANCHES` agencies and, below them, as many divisions as make up `size`."""
    from learning.organisations.actions import save_unit
    from learning.organisations.models import Unit, UnitKind

    root = save_unit(code=f"{_PREFIX}0", name="Thành phố Đo", kind=UnitKind.CITY)
    known = set(Unit.objects.filter(code__startswith=_PREFIX).values_list("code", flat=True))
    for number in range(1, size):
        code = f"{_PREFIX}{number}"
        if code in known:
            continue
        above = number % BRANCHES + 1
        parent = root if number <= BRANCHES else Unit.objects.get(code=f"{_PREFIX}{above}")
        kind = UnitKind.WARD if number <= BRANCHES else UnitKind.DIVISION
        save_unit(code=code, name=f"Đơn vị đo {number}", kind=kind, parent=parent)
    return Unit.objects.get(pk=root.pk)


def _screens(root: Any) -> dict[str, str]:
    from django.urls import reverse

    from learning.organisations.models import Unit

    branch = Unit.objects.get(code=f"{_PREFIX}1")
    tree = reverse("units_tree")
    return {
        "tree, shut": tree,
        "tree, two branches open": f"{tree}?open={root.pk},{branch.pk}",
        "search": f"{tree}?q=don+vi+do+49",
        "a past day": f"{tree}?day=2025-12-31",
        "a unit": reverse("units_unit", args=[branch.pk]),
        "a change": reverse("units_change_unit", args=[branch.pk, "rename"]),
    }


def _median(browser: Any, url: str) -> float:
    """Milliseconds, the median of some requests after a first one."""
    spent = []
    for _number in range(TIMES + 1):
        begun = time.perf_counter()
        reply = browser.get(url)
        spent.append((time.perf_counter() - begun) * 1000)
        assert reply.status_code == 200, (url, reply.status_code)
    return statistics.median(spent[1:])


if __name__ == "__main__":
    sys.exit(main())
