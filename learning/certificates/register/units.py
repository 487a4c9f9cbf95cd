"""The units offered in a form: short enough to choose from, whatever the size of the city."""

from dataclasses import dataclass

from learning.organisations.models import Unit, UnitQuerySet


@dataclass(frozen=True)
class Choice:
    """One unit in a select; `indent` shows how deep it lies."""

    pk: int
    name: str
    indent: str
    chosen: bool


def unit_choices(units: UnitQuerySet, *, chosen: Unit | None) -> list[Choice]:
    """The topmost of `units`, what lies right below them, and the way to the chosen one and on."""
    paths = dict(units.order_by("path").values_list("path", "depth"))
    tops: list[str] = []
    for path in paths:
        if not tops or not path.startswith(tops[-1]):
            tops.append(path)
    opened = {*tops}
    if chosen is not None:
        step = Unit.steplen
        opened |= {chosen.path[:end] for end in range(step, len(chosen.path) + 1, step)}
    shown = [p for p in paths if p in tops or p[: -Unit.steplen] in opened]
    least = min((paths[path] for path in shown), default=0)
    found = Unit.objects.filter(path__in=shown).order_by("path")
    return [
        Choice(
            unit.pk,
            unit.name,
            "\u2003" * (paths[unit.path] - least),
            chosen is not None and chosen.pk == unit.pk,
        )
        for unit in found
    ]
