"""Whatever happened to people and units, every figure is what a plain recount gives."""

from dataclasses import replace

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from learning.organisations.models import Unit
from learning.statistics.figures import Figures
from learning.statistics.filters import Filters, Status
from learning.statistics.moments import By, Moment
from learning.statistics.people import listed, unnamed
from learning.statistics.queries import Report, get_report
from learning.statistics.scope import get_scope, get_scope_on
from learning.statistics.subjects import Subject
from tests.learning.organisations.factories import make_officer
from tests.learning.statistics.histories.plain import Asked, added_up, figures_by_unit
from tests.learning.statistics.histories.world import ACTS, DAY, FIRST_DAY, World, undone

HISTORIES = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from(ACTS), st.integers(0, 12), st.integers(0, 12)),
    min_size=4,
    max_size=24,
)
LISTS = {
    Status.NOT_STARTED: "not_started",
    Status.IN_PROGRESS: "in_progress",
    Status.COMPLETED: "completed",
    Status.EXEMPT: "exempt",
    Status.OVERDUE: "overdue",
    Status.CERTIFIED: "certificates",
}


@settings(
    max_examples=6,
    # Without shrinking: a history is read as it is, and making it shorter takes minutes.
    phases=(Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=HISTORIES, back=st.integers(0, 100), length=st.integers(0, 30))
def test_every_figure_is_what_a_plain_recount_gives(db, steps, back, length):
    world = World()
    with undone(), world.clock():
        world.build()
        reader = make_officer(world.root)
        world.assign(0, 1)
        for days, act, one, other in steps:
            world.wait(days)
            getattr(world, act)(one, other)
        world.wait(1)
        today = world.today
        past = max(FIRST_DAY, today - back * DAY)
        for moment in (
            Moment(today=today, day=today),
            Moment(today=today, day=today, start=today - length * DAY),
            Moment(today=today, day=past, by=By.THEN, start=past - length * DAY),
            Moment(today=today, day=past, by=By.NOW),
        ):
            check(world, reader, moment)


def check(world: World, reader: object, moment: Moment) -> None:
    """The whole city's report, and that of each agency, in all courses and in one."""
    then = moment.by_units_then
    scope = get_scope_on(reader, day=moment.day) if then else get_scope(reader, today=moment.today)
    below = world.below[moment.day] if then else world.parents() | closed_below()
    for courses in (tuple(world.courses), tuple(world.courses[:1])):
        subject = Subject("x", "x", dict.fromkeys(courses, "x"))
        filters = Filters(scope=scope, subjects={}, subject=subject, unit=None, moment=moment)
        own = figures_by_unit(Asked(courses, moment.today, moment.day, then, moment.start))
        for node in (None, *scope.children(scope.tops[0])):
            report = get_report(replace(filters, unit=node))
            top = node.pk if node else world.root.pk
            assert report.total == added_up(own, below, top), (moment, node)
            adds_up(report)
    opens_its_list(get_report(filters))


def closed_below() -> dict[int, int | None]:
    """Units that are closed still hang where they hung: nobody works there, but it is asked."""
    paths = dict(Unit.objects.values_list("path", "pk"))
    return {pk: paths.get(path[: -Unit.steplen]) for path, pk in paths.items()}


def adds_up(report: Report) -> None:
    """Assigned is the sum of its four parts, in every line; the lines add up to the total."""
    summed = Figures()
    for row in report.rows:
        summed = summed + row.figures
    assert summed == report.total
    for line in (report.total, *(row.figures for row in report.rows)):
        assert line.assigned == line.not_started + line.in_progress + line.completed + line.exempt
        assert line.overdue <= line.not_started + line.in_progress
        assert line.on_time <= line.timed <= line.completed


def opens_its_list(report: Report) -> None:
    """Every number's list has as many people as it says, the unnamed among them."""
    for status, name in {**LISTS, "": "assigned"}.items():
        asked = replace(report.filters, status=status)
        assert listed(asked).count() + unnamed(asked) == getattr(report.total, name), status
        for row in report.rows[:1]:
            asked = replace(report.filters, status=status, unit=row.unit, direct=row.direct)
            count = listed(asked).count() + unnamed(asked)
            assert count == getattr(row.figures, name), (status, row.unit)


def test_a_history_told_by_hand(db):
    """Each kind of event once: the recount itself is right, in numbers counted on fingers."""
    world = World()
    with undone(), world.clock():
        world.build()
        world.assign(0, 1)  # Sở Một: two people, due in nine days
        world.finish(0, 0)
        world.wait(10)
        world.move(1, 1)  # to Sở Hai, where nothing is assigned
        world.wait(1)
        own = figures_by_unit(
            Asked((world.courses[0],), world.today, world.today, units_then=False)
        )
        one, two = world.units[:2]
        assert (own[one.pk].assigned, own[one.pk].completed, own[one.pk].on_time) == (1, 1, 1)
        assert own[two.pk].staff == 2
        then = Asked((world.courses[0],), world.today, world.today - 2 * DAY, units_then=True)
        own = figures_by_unit(then)
        assert (own[one.pk].assigned, own[one.pk].not_started, own[one.pk].overdue) == (2, 1, 0)
