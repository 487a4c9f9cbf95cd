"""Random histories against a slow plain model: on any day tree, names and people agree."""

import copy
import datetime
from collections import Counter
from dataclasses import dataclass, field, replace

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learning.organisations.actions import end_membership, place_member
from learning.organisations.changing.plans import GOES_ON, Share, Target
from learning.organisations.models import Membership, Unit
from learning.organisations.queries import members_on, tree_on, units_standing_for
from tests.learning.organisations.changes import DAY, done, new, plan
from tests.learning.organisations.factories import make_unit, make_user

pytestmark = pytest.mark.django_db
ONE = datetime.timedelta(days=1)
STEPS = ("rename", "move", "merge", "absorb", "dissolve", "split", "part", "close", "hire", "leave")


@dataclass(frozen=True)
class Place:
    """A unit of the model."""

    name: str
    above: str | None


@dataclass
class World:
    """The whole city on one day: every unit by code, every person's unit, who succeeded whom."""

    units: dict[str, Place] = field(default_factory=dict)
    people: dict[int, str] = field(default_factory=dict)
    heirs: dict[str, list[str]] = field(default_factory=dict)

    def below(self, code):
        """The unit and all below it."""
        found = [code]
        for one in found:
            found += [other for other, place in self.units.items() if place.above == one]
        return found

    def children(self, code):
        return [other for other, place in self.units.items() if place.above == code]

    def shut(self, code, heirs):
        del self.units[code]
        self.heirs[code] = heirs

    def hang(self, code, above):
        self.units[code] = replace(self.units[code], above=above)

    def send(self, code, to):
        for person, place in self.people.items():
            if place == code:
                self.people[person] = to

    def standing(self, code):
        """Who stands for the unit at the end."""
        if code in self.units:
            return {code}
        return {end for heir in self.heirs.get(code, []) for end in self.standing(heir)}


class Story:
    """Does each step twice: in the database and in the plain model, if it can be done at all."""

    def __init__(self):
        self.world = World()
        self.day = DAY
        self.count = 0
        self.users = {}
        for code, above in (("r", None), ("a", "r"), ("b", "r"), ("c", "r"), ("a1", "a")):
            unit = make_unit(code, parent=self.row(above) if above else None)
            Unit.objects.filter(pk=unit.pk).update(code=code)
            self.world.units[code] = Place(code, above)

    def row(self, code):
        return Unit.objects.get(code=code)

    def fresh(self):
        self.count += 1
        return f"n{self.count}"

    def try_plan(self, *args, **fields):
        """Decided, or refused; then the model is left alone too."""
        try:
            with transaction.atomic():
                done(plan(*args, day=self.day, **fields))
        except ValidationError:
            return False
        return True

    def step(self, what, first, second, fraction):
        codes = sorted(code for code in self.world.units if code != "r")
        if codes:
            one, two = codes[first % len(codes)], codes[second % len(codes)]
            getattr(self, what)(one, two, fraction)

    def rename(self, one, _two, _fraction):
        name = self.fresh()
        if self.try_plan("rename", self.row(one), name=name, unit_kind="ward"):
            self.world.units[one] = replace(self.world.units[one], name=name)

    def move(self, one, two, _fraction):
        if self.try_plan("move", self.row(one), parent=self.row(two).pk):
            self.world.hang(one, two)

    def merge(self, one, two, _fraction):
        code = self.fresh()
        target = new(code, code, self.row("r"))
        if self.try_plan("merge", self.row(one), self.row(two), into=target):
            self.world.units[code] = Place(code, "r")
            self.take(one, code, dissolve=False)
            self.take(two, code, dissolve=False)

    def absorb(self, one, two, _fraction):
        if self.try_plan("merge", self.row(one), into=Target(unit=self.row(two).pk)):
            self.take(one, two, dissolve=False)

    def dissolve(self, one, two, _fraction):
        target = Target(unit=self.row(two).pk)
        if self.try_plan("merge", self.row(one), into=target, dissolve=True):
            self.take(one, two, dissolve=True)

    def take(self, one, into, *, dissolve):
        if dissolve:
            for code in self.world.below(one):
                self.world.send(code, into)
                self.world.shut(code, [into])
            return
        for child in self.world.children(one):
            self.world.hang(child, into)
        self.world.send(one, into)
        self.world.shut(one, [into])

    def split(self, one, _two, fraction, *, goes_on=False):
        world = self.world
        inside = sorted(p for p, code in world.people.items() if code in world.below(one))
        listed = inside[: len(inside) * fraction // 3]
        below = sorted(world.children(one))
        chosen = below[: len(below) * fraction // 3]
        codes = [self.fresh()] if goes_on else [self.fresh(), self.fresh()]
        shares = [Share(new(code, code, self.row("r"))) for code in codes]
        shares[0] = replace(
            shares[0],
            units=tuple(self.row(code).pk for code in chosen),
            people=tuple(self.users[person].pk for person in listed),
        )
        rest = GOES_ON if goes_on else 1
        if not self.try_plan("split", self.row(one), shares=tuple(shares), remainder=rest):
            return
        world.units |= {code: Place(code, "r") for code in codes}
        for person in listed:
            world.people[person] = codes[0]
        for code in chosen:
            world.hang(code, codes[0])
        if not goes_on:
            for code in set(below) - set(chosen):
                world.hang(code, codes[1])
            world.send(one, codes[1])
            world.shut(one, codes)

    def part(self, one, two, fraction):
        self.split(one, two, fraction, goes_on=True)

    def close(self, one, _two, _fraction):
        if self.try_plan("close", self.row(one)):
            assert not any(code in self.world.below(one) for code in self.world.people.values()), (
                "people were left behind"
            )
            for code in self.world.below(one):
                self.world.shut(code, [])

    def hire(self, one, _two, fraction):
        person = fraction if fraction in self.users else len(self.users)
        if person not in self.users:
            self.users[person] = make_user()
        place_member(user=self.users[person], unit=self.row(one), on=self.day)
        self.world.people[person] = one

    def leave(self, _one, _two, fraction):
        if fraction in self.world.people:
            end_membership(user=self.users[fraction], on=self.day)
            del self.world.people[fraction]


def seen_on(day):
    """What the queries say of a day, in the model's words."""
    tree = tree_on(day)
    codes = dict(Unit.objects.values_list("pk", "code"))
    units = {
        unit.code: Place(unit.name, codes[unit.parent] if unit.parent else None)
        for unit in tree.values()
    }
    return units, Counter(codes[pk] for pk in members_on(day).values_list("unit", flat=True))


_steps = st.tuples(st.sampled_from(STEPS), st.integers(0, 7), st.integers(0, 7), st.integers(0, 3))


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(_steps, min_size=4, max_size=14))
def test_any_day_of_any_history_agrees(steps):
    with transaction.atomic():
        story = Story()
        days = {}
        for what, first, second, fraction in [("hire", n, 0, 9) for n in range(4)] + steps:
            story.step(what, first, second, fraction)
            days[story.day] = copy.deepcopy(story.world)
            # Now and then two changes fall on one day.
            story.day += ONE * (fraction > 0)
        for day, world in days.items():
            units, people = seen_on(day)
            assert units == world.units
            assert people == Counter(world.people.values())
        everyone = {code: story.row(code).pk for code in [*story.world.units, *story.world.heirs]}
        standing = units_standing_for(everyone.values(), today=story.day)
        names = {pk: code for code, pk in everyone.items()}
        for code, pk in everyone.items():
            assert {names[one] for one in standing[pk]} == story.world.standing(code)
        assert Unit.find_problems() == ([], [], [], [], [])
        assert not Membership.objects.open().filter(unit__valid_to__isnull=False).exists()
        transaction.set_rollback(True)
